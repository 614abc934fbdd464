// A figure as a PNG that stands on its own: its title, which mark is whose, the drawing, and the settings that it was drawn with.

/** What the page's form is set to, in its own words; of what is folded away or says little, only what is not as it comes. */
export function settings() {
  return [...document.querySelectorAll('[data-lab-form] [data-field]')].flatMap(field => {
    const input = field.querySelector(':is(input, select)[name]:is(:not([type=radio], [type=checkbox]), :checked)');
    if (!input || input.closest('[hidden]') || input.value === field.dataset.default && field.matches('[data-mute], details:not([open]) *')) return [];
    const label = field.querySelector('label, legend, span')?.textContent.trim();
    const said = input.selectedOptions?.[0]?.textContent ?? (input.type === 'radio' ? input.nextElementSibling?.textContent : input.value);
    return label && said?.trim() ? [`${label}: ${said.trim()}`] : [];
  }).join(' · ');
}

/**
 * Sets a drawing, a canvas at twice the screen's size, between its title and its keys above, the settings and the page's address
 * below. keys are {words, color, hatched}; looks are computed colours and a font's family.
 */
export function framed(drawing, title, keys, { ground, ink, quiet, font, text }) {
  const size = 2 * text, pad = size, width = drawing.width + 2 * pad, canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
  const set = (weight, scale = 1) => { pen.font = `${weight} ${size * scale}px ${font}`; };
  const lines = (words, weight, scale) => {
    set(weight, scale);
    return words.split(/\s+/).reduce((all, word) => {
      const longer = `${all.at(-1)} ${word}`.trim();
      if (pen.measureText(longer).width > width - 2 * pad && all.at(-1)) return [...all, word];
      return [...all.slice(0, -1), longer];
    }, ['']);
  };
  const heading = lines(title, 600, 1.15), below = [...lines(settings(), 400, .85), ...lines(`${location.host}${location.pathname}${location.search}`, 400, .85)];
  const rows = [[]];
  set(400);
  for (const key of keys) {
    const last = rows.at(-1), at = last.length ? last.at(-1).end + size : pad, end = at + size * 1.4 + pen.measureText(key.words).width;
    if (last.length && end > width - pad) rows.push([{ ...key, at: pad, end: pad + end - at }]);
    else last.push({ ...key, at, end });
  }
  const legend = keys.length ? rows.length * size * 1.5 : 0;
  canvas.width = width;
  canvas.height = pad + heading.length * size * 1.5 + legend + drawing.height + below.length * size * 1.25 + pad;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.textBaseline = 'top';
  let y = pad;
  const write = (all, weight, scale, leading, color) => {
    set(weight, scale);
    pen.fillStyle = color;
    for (const line of all) { pen.fillText(line, pad, y); y += size * leading; }
  };
  write(heading, 600, 1.15, 1.5, ink);
  set(400);
  for (const row of keys.length ? rows : []) {
    for (const { words, color, hatched, at } of row) {
      pen.fillStyle = color;
      pen.fillRect(at, y, size, size);
      if (hatched) stripes(pen, at, y, size, ground);
      pen.fillStyle = ink;
      pen.fillText(words, at + size * 1.4, y);
    }
    y += size * 1.5;
  }
  pen.drawImage(drawing, pad, y);
  y += drawing.height;
  write(below, 400, .85, 1.25, quiet);
  return canvas;
}

/** The hatching by which plain bars are told from residual ones without their colour. */
function stripes(pen, x, y, size, color) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, size, size);
  pen.clip();
  pen.strokeStyle = color;
  pen.lineWidth = size / 10;
  for (let at = -size; at < size; at += size / 3) {
    pen.beginPath();
    pen.moveTo(x + at, y + size);
    pen.lineTo(x + at + size, y);
    pen.stroke();
  }
  pen.restore();
}

/** Hands a canvas to the reader as a file. */
export function keep(canvas, name) {
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = name;
  link.click();
}

/** The colours and the type of an element; a token may be a light-dark() pair, which only a computed colour resolves. */
export function looksOf(element) {
  const probe = document.createElement('i');
  element.append(probe);
  const color = token => { probe.style.color = `var(--${token})`; return getComputedStyle(probe).color; };
  const looks = { ground: color('sheet'), ink: color('ink'), quiet: color('ink-2'), plain: color('plain'), residual: color('residual'), font: getComputedStyle(element).fontFamily, text: 14 };
  probe.remove();
  return looks;
}
