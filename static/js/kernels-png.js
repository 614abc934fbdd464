// Keeps the maps of every stage as one PNG: drawn anew from their paths, a map a column, with its title and its scale, under what
// the lab says of them, and above its settings.
import { framed, keep, looksOf } from './png.js';

const cell = 320, gap = 24, text = 20;

/** Saves what the board of the kernels lab shows. */
export function savePNG(board) {
  const stages = [...board.querySelectorAll('.stage')].map(stage => ({
    title: stage.querySelector('figcaption').innerText, tiles: [...stage.querySelectorAll('.tile:not(.weights-tile)')],
  }));
  const canvas = document.createElement('canvas'), columns = Math.max(...stages.map(s => s.tiles.length));
  const height = cell + 5 * text;
  canvas.width = columns * (cell + gap) + gap;
  canvas.height = stages.length * height + gap;
  const ink = canvas.getContext('2d'), looks = looksOf(board);
  const write = (words, x, y, weight = 400) => {
    ink.fillStyle = looks.ink;
    ink.font = `${weight} ${text * .8}px ${looks.font}`;
    ink.fillText(words, x, y);
  };
  ink.fillStyle = looks.ground;
  ink.fillRect(0, 0, canvas.width, canvas.height);
  stages.forEach(({ title, tiles }, row) => {
    const top = gap + row * height;
    write(title, gap, top + text * .6, 600);
    tiles.forEach((tile, column) => {
      const svg = tile.querySelector('svg'), [x, y, side] = svg.getAttribute('viewBox').split(' ').map(Number);
      const left = gap + column * (cell + gap), scale = cell / side;
      write(tile.querySelector('.tile-title').innerText, left, top + text * 1.9);
      ink.save();
      ink.translate(left - x * scale, top + text * 2.3 - y * scale);
      ink.scale(scale, scale);
      for (const path of svg.querySelectorAll('path')) {
        ink.fillStyle = path.getAttribute('fill');
        ink.fill(new Path2D(path.getAttribute('d')));
      }
      ink.restore();
      write([...tile.querySelectorAll('.ramp span')].map((s, i) => `${['black', 'white'][i]} ${s.innerText}`).join(', '), left, top + text * 3.3 + cell);
    });
  });
  keep(framed(canvas, [...board.querySelectorAll('[data-part="verdict"], [data-part="aside"]')].map(e => e.textContent.trim()).join(' '), [], { ...looks, text: text * .4 }), 'kernels.png');
}
