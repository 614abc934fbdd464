// A picture of the reader's own, 28 × 28 greys: drawn with the pointer or the keys, or read from a file. It never leaves
// the browser but as those 784 numbers, which are part of the link.
import { count, decode, dimensions, encode, side } from './pixels.js';

const mostBytes = 5 << 20, mostPixels = 50e6;

/** Mounts the drawing in the form. `garment` answers with the chosen garment as a picture in a link, to be copied. */
export function picture(form, garment) {
  const canvas = form.querySelector('[data-draw]'), input = form.querySelector('[data-picture]');
  const ink = canvas.getContext('2d'), problem = form.querySelector('[data-upload-error]');
  let pixels = decode(input.value), pen = 255, at = null, cursor = { x: 14, y: 14 }, last = input.value;

  function paint() {
    const image = ink.createImageData(side, side);
    pixels.forEach((grey, i) => image.data.set([grey, grey, grey, 255], 4 * i));
    if (document.activeElement === canvas) { // the keys' place, seen on every grey
      const i = 4 * (cursor.y * side + cursor.x);
      image.data.set(pixels[i / 4] > 127 ? [0, 80, 160, 255] : [120, 190, 255, 255], i);
    }
    ink.putImageData(image, 0, 0);
  }

  /** Puts the picture into the form, which asks for a new board. */
  function commit() {
    paint();
    last = input.value = encode(pixels);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  // A pen is a cross of five pixels: strokes of one are too thin for a 3 × 3 kernel to tell from noise.
  function dab(x, y) {
    for (const [dx, dy] of [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]) {
      if (x + dx >= 0 && x + dx < side && y + dy >= 0 && y + dy < side) pixels[(y + dy) * side + x + dx] = pen;
    }
  }

  function stroke(to) {
    const from = at ?? to, steps = Math.max(1, Math.abs(to.x - from.x), Math.abs(to.y - from.y));
    for (let i = 0; i <= steps; i++) dab(Math.round(from.x + (to.x - from.x) * i / steps), Math.round(from.y + (to.y - from.y) * i / steps));
    at = to;
    commit();
  }

  const place = event => {
    const box = canvas.getBoundingClientRect();
    return { x: Math.floor((event.clientX - box.left) / box.width * side), y: Math.floor((event.clientY - box.top) / box.height * side) };
  };
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    at = null;
    stroke(cursor = place(event));
  });
  canvas.addEventListener('pointermove', event => { if (event.buttons && at) stroke(place(event)); });
  for (const type of ['pointerup', 'pointercancel']) canvas.addEventListener(type, () => { at = null; });
  for (const type of ['focus', 'blur']) canvas.addEventListener(type, paint);

  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const grey = { w: 255, g: 128, b: 0 }[event.key.toLowerCase()];
    if (moves[event.key]) {
      const [dx, dy] = moves[event.key];
      cursor = { x: Math.min(side - 1, Math.max(0, cursor.x + dx)), y: Math.min(side - 1, Math.max(0, cursor.y + dy)) };
      paint();
    } else if (event.key === ' ') {
      dab(cursor.x, cursor.y);
      commit();
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      clear();
    } else if (grey !== undefined) {
      choose(grey);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation(); // the page's own keys
  });

  function choose(grey) {
    pen = grey;
    for (const button of form.querySelectorAll('[data-pen]')) button.setAttribute('aria-pressed', String(+button.dataset.pen === pen));
  }
  function clear() {
    pixels.fill(0);
    commit();
  }
  for (const button of form.querySelectorAll('[data-pen]')) button.addEventListener('click', () => choose(+button.dataset.pen));
  form.querySelector('[data-draw-clear]').addEventListener('click', clear);
  form.querySelector('[data-draw-copy]').addEventListener('click', async () => {
    problem.textContent = '';
    try {
      pixels = decode(await garment());
      commit();
    } catch {
      problem.textContent = 'The server does not answer; try again in a moment.';
    }
  });
  form.querySelector('[data-upload]').addEventListener('change', async event => {
    const [file] = event.target.files;
    problem.textContent = '';
    try {
      if (file) pixels = await read(file);
      if (file) commit();
    } catch (error) {
      problem.textContent = error.message;
    }
    event.target.value = ''; // the same file may be chosen again
  });

  paint();
  return {
    /** Takes the picture that the server has, unless the reader is drawing on. */
    show(text) {
      if (new FormData(form).get('image') !== 'own' || input.value !== last || at || text === last) return;
      pixels = decode(text);
      last = input.value = text;
      paint();
    },
  };
}

// ---- files ----------------------------------------------------------------------------------------

/** Reads a PNG or JPEG file as 784 greys: its middle square, made small. */
async function read(file) {
  if (file.size > mostBytes) throw new Error(`This file has ${(file.size / 2 ** 20).toFixed(1)} MB; at most 5 MB can be read.`);
  const size = dimensions(new DataView(await file.arrayBuffer()));
  if (!size) throw new Error('This is neither a PNG nor a JPEG picture.');
  if (!(size.width * size.height <= mostPixels)) throw new Error(`This picture has ${size.width} × ${size.height} pixels; at most 50 million can be read.`);
  let image;
  try {
    image = await createImageBitmap(file);
  } catch {
    throw new Error('This picture is broken: the browser cannot read it.');
  }
  let edge = Math.min(image.width, image.height);
  let x = (image.width - edge) / 2, y = (image.height - edge) / 2, source = image;
  for (;;) { // by halves: one big step would skip pixels
    const next = Math.max(side, Math.ceil(edge / 2));
    const canvas = new OffscreenCanvas(next, next), ink = canvas.getContext('2d');
    ink.fillStyle = '#000'; // what is transparent
    ink.fillRect(0, 0, next, next);
    ink.imageSmoothingQuality = 'high';
    ink.drawImage(source, x, y, edge, edge, 0, 0, next, next);
    [source, x, y, edge] = [canvas, 0, 0, next];
    if (next === side) {
      image.close();
      const { data } = ink.getImageData(0, 0, side, side);
      return Uint8Array.from({ length: count }, (_, i) => Math.round(.299 * data[4 * i] + .587 * data[4 * i + 1] + .114 * data[4 * i + 2])); // ITU-R BT.601
    }
  }
}
