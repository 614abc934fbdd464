// The kernels lab: the board follows the form; a pixel of a map is looked at under the pointer or by the arrow keys; the
// weights are edited in their grid. Every number comes from the server.
import { ask, follow, get, note, query, replace, set } from './lab.js';
import { listKeys, onKey } from './frame.js';
import './figure.js';
import { savePNG } from './kernels-png.js';
import { picture } from './kernels-picture.js';

const form = document.querySelector('[data-lab-form]');
const main = document.querySelector('main');
/** @type {json.KernelState} */
let state = JSON.parse(document.getElementById('kernels-state').textContent);
let training = 0;
let held = null; // the map that has the keyboard, by its key

const drawing = picture(form, async () => (await ask(`/labs/kernels/board?garment=${get('garment')}`)).state.picture);
adopt(state);
attend(state);

follow('/labs/kernels/board', /** @type {(board: json.kernelsDrawn, newest: boolean) => void} */ (board, newest) => {
  if (newest) adopt(board.state); // else the form is ahead of it, and must not be set back
  attend(board.state);
  if (held && document.activeElement === document.body) main.querySelector(`[data-map="${held}"]`)?.focus(); // it was drawn anew
});

/** Asks again while the run that learnt the kernels is under way. */
function attend({ waiting }) {
  clearTimeout(training);
  if (waiting) training = setTimeout(() => form.requestSubmit(), 1000);
}

/** Takes what the server computed: the weights of each stage, where the pixel is. */
function adopt(next) {
  state = next;
  place(state.pixel);
  for (const grid of form.querySelectorAll('[data-grid]')) fill(grid, state.stages[grid.dataset.stage]);
  drawing.show(state.picture);
  unfold();
}

// ---- which controls apply -----------------------------------------------------------------------

function unfold() {
  const kernels = [...form.querySelectorAll('select[name^="kernel"]')];
  for (const block of form.querySelectorAll('[data-when]')) {
    const [name, value] = block.dataset.when.split('=');
    block.hidden = name === 'learnt' ? !kernels.some(k => k.value === 'learnt')
      : value === 'on' ? get(name) === 'none' : get(name) !== value;
  }
}
form.addEventListener('input', unfold);

form.addEventListener('click', event => {
  const garment = event.target.closest('[data-garment]');
  if (garment) {
    event.preventDefault();
    set('garment', garment.dataset.garment);
  }
  const size = event.target.closest('[data-size]');
  if (size) resize(size.dataset.of, Number(size.dataset.size));
});

onKey('the next kernel', {
  k: () => {
    const names = [...form.elements.kernel.options].map(o => o.value).filter(v => v !== 'custom' && v !== 'learnt');
    set('kernel', names[(names.indexOf(get('kernel')) + 1) % names.length]);
  },
});
onKey('the next garment', { g: () => set('garment', (Number(get('garment')) + 1) % 1000) });
listKeys('in a map: another pixel', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight');

// ---- weights ------------------------------------------------------------------------------------

/** Puts weights into a grid, and leaves a cell alone that is being typed in, or that waits for a number, unless the kernel is another. */
function fill(grid, text) {
  if (text === undefined) return;
  const weights = text.split(','), side = Math.sqrt(weights.length);
  if (grid.childElementCount !== weights.length) {
    grid.dataset.side = side;
    grid.replaceChildren(...weights.map((_, i) => {
      const cell = document.createElement('input');
      Object.assign(cell, { type: 'number', step: 'any', min: -100, max: 100 });
      cell.setAttribute('aria-label', `Weight, row ${Math.floor(i / side)}, column ${i % side}`);
      return cell;
    }));
  }
  const rounded = all => all?.split(',').map(w => (+w).toPrecision(6)).join();
  const same = rounded(grid.dataset.weights) === rounded(text);
  weights.forEach((w, i) => {
    const cell = grid.children[i];
    if (cell === document.activeElement || same && cell.ariaInvalid) return;
    cell.value = +(+w).toPrecision(3);
    cell.ariaInvalid = null;
  });
  grid.dataset.weights = text;
  doubt(grid);
}

/** Says which cell of a grid holds no weight, and which one counts meanwhile. */
function doubt(grid) {
  const cells = [...grid.children], at = cells.findIndex(cell => cell.ariaInvalid), side = +grid.dataset.side;
  form.querySelector(`[data-weights-error="${grid.dataset.grid}"]`).textContent = at < 0 ? '' :
    `Row ${Math.floor(at / side)}, column ${at % side}: a weight is a number from −100 to 100. Until there is one, ${String(+(+grid.dataset.weights.split(',')[at]).toPrecision(3)).replace('-', '−')} counts.`;
}

// An edited cell makes the kernel one that is edited by hand; the cells that were not touched keep every digit.
form.addEventListener('input', event => {
  const grid = event.target.closest('[data-grid]');
  if (!grid) return;
  event.stopImmediatePropagation(); // the cell is no field of its own
  const bad = event.target.value === '' || !event.target.checkValidity();
  event.target.ariaInvalid = bad ? 'true' : null;
  doubt(grid);
  if (bad) return;
  const weights = grid.dataset.weights.split(',');
  weights[[...grid.children].indexOf(event.target)] = event.target.value;
  edit(grid, weights);
}, true);

function edit(grid, weights) {
  grid.dataset.weights = weights.join(',');
  form.elements[grid.dataset.grid].value = grid.dataset.weights;
  set(grid.dataset.kernel, 'custom');
}

/** Makes a kernel 3 × 3 or 5 × 5: the middle stays. */
function resize(name, side) {
  const grid = form.querySelector(`[data-grid="${name}"]`), old = grid.dataset.weights.split(',');
  const was = Math.sqrt(old.length), off = (was - side) / 2;
  edit(grid, Array.from({ length: side * side }, (_, i) => {
    const y = Math.floor(i / side) + off, x = i % side + off;
    return y < 0 || x < 0 || y >= was || x >= was ? '0' : old[y * was + x];
  }));
}

// ---- the pixel looked at --------------------------------------------------------------------------

const position = () => ({ stage: +get('stage'), row: +get('row'), column: +get('column') });

function place(pixel) {
  for (const [name, value] of Object.entries(pixel)) {
    if (form.elements[name] !== document.activeElement) form.elements[name].value = value; // not under the reader's fingers
    const slider = form.querySelector(`[data-slider="${name}"]`); // a lesson may have left it out
    if (slider) slider.value = value;
  }
}

let busy = false, wanted = false;

/** Looks at another pixel. Only what depends on it is asked for, one request at a time; another stage is a new board. */
async function look(pixel) {
  const now = position();
  if (Object.entries(pixel).every(([name, value]) => now[name] === value)) return;
  place(pixel);
  if (pixel.stage !== now.stage) return form.requestSubmit();
  wanted = true;
  if (busy) return;
  busy = true;
  try {
    while (wanted) {
      wanted = false;
      const asked = query();
      /** @type {json.pixelDrawn} */
      const answer = await ask(`/labs/kernels/pixel?${asked}`);
      if (query() !== asked) { // the reader has gone on: what is told of another state must not be shown
        wanted = true;
        continue;
      }
      for (const [name, html] of Object.entries(answer.parts)) replace(name, html);
      mark(answer.marks);
      note(answer.query);
    }
  } catch {
    form.requestSubmit(); // the board says that the server does not answer, and tries again
  } finally {
    busy = false;
  }
}

function mark(marks) {
  for (const map of main.querySelectorAll('[data-map]')) {
    const [x, y, width, height] = marks[map.dataset.map] ?? [0, 0, 0, 0];
    for (const rect of map.querySelectorAll('.halo, .mark')) {
      for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
    }
  }
}

const board = main.querySelector('.board');
board.addEventListener('click', event => { if (event.target.closest('[data-save-maps]')) savePNG(board); });
for (const type of ['pointermove', 'pointerdown']) {
  board.addEventListener(type, event => {
    const map = event.target.closest('[data-side]');
    if (!map || (type === 'pointermove' && event.pointerType !== 'mouse')) return;
    const box = map.querySelector('svg').getBoundingClientRect(), side = +map.dataset.side;
    const scale = side / Math.min(box.width, box.height); // the drawing is a square in the middle of its box
    const at = (from, start, length) => Math.min(side - 1, Math.max(0, Math.floor((from - start - length / 2) * scale + side / 2)));
    look({ stage: +map.dataset.stage, row: at(event.clientY, box.top, box.height), column: at(event.clientX, box.left, box.width) });
  });
}

const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
board.addEventListener('keydown', event => {
  const map = event.target.closest('[data-side]');
  if (!map || !arrows[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation(); // the labs' own arrows
  const [down, right] = arrows[event.key], last = +map.dataset.side - 1, stage = +map.dataset.stage;
  const now = position();
  if (now.stage !== stage) return look({ ...now, stage });
  look({ stage, row: Math.min(last, Math.max(0, now.row + down)), column: Math.min(last, Math.max(0, now.column + right)) });
});
board.addEventListener('focusin', event => { held = event.target.closest('[data-map]')?.dataset.map ?? null; });
form.addEventListener('focusin', () => { held = null; });
