// Buttons of a figure: keep it as a picture, show it on the full screen.
import { instance } from './chart.js';
import { onKey } from './frame.js';

const figure = id => document.querySelector(`[data-figure="${id}"]`);

/** Saves what a figure shows as a PNG, at twice the screen's size and on the page's ground, with its title, its keys and the settings. */
async function savePNG(id) {
  const [{ framed, keep, looksOf }, { drawOn }] = await Promise.all([import('./png.js'), import('./drawing.js')]); // no page needs them to be seen
  const at = figure(id), looks = looksOf(at);
  const title = at.querySelector(`[data-part="caption-${id}"]`)?.textContent.trim() ?? '';
  const keys = [...at.querySelectorAll('.legend .key')].map(key => {
    const swatch = getComputedStyle(key.querySelector('.swatch') ?? key);
    return { words: key.textContent.trim(), color: swatch.backgroundColor, hatched: swatch.backgroundImage !== 'none' };
  });
  const twins = Object.entries({ plain: 'plain', residual: 'with skips' }).flatMap(([twin, words]) => at.querySelector(`.${twin}-row`) ? [{ words, color: looks[twin], hatched: twin === 'plain' }] : []);
  const drawing = instance(id).getRenderedCanvas({ pixelRatio: 2, backgroundColor: looks.ground });
  keep(framed(underNet(at, drawing, looks.ground, drawOn), title, keys.length ? keys : twins, looks), `${[document.querySelector('[data-lab]')?.dataset.lab, id].filter(Boolean).join('-')}.png`);
}

/** A drawing with the net above it, where the figure has one, and with what lies over the bars; both at twice the screen's size. */
function underNet(figure, drawing, ground, drawOn) {
  const rows = figure.querySelector('.net-rows');
  if (!rows) return drawing;
  const { left, top, width } = figure.getBoundingClientRect(), bars = figure.querySelector('.canvas').getBoundingClientRect();
  const from = { left, top: rows.getBoundingClientRect().top }, canvas = Object.assign(document.createElement('canvas'), { width: 2 * width, height: 2 * (bars.bottom - from.top) });
  const pen = canvas.getContext('2d');
  pen.fillStyle = ground;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(drawing, 2 * (bars.left - left), 2 * (bars.top - from.top));
  drawOn(pen, rows, from, 2);
  drawOn(pen, figure.querySelector('.zeros'), from, 2);
  return canvas;
}

async function fullScreen(id) {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await figure(id).requestFullscreen();
}

document.addEventListener('click', event => {
  const png = event.target.closest('[data-save-png]'), full = event.target.closest('[data-full-screen]');
  if (png) savePNG(png.dataset.savePng);
  if (full) fullScreen(full.dataset.fullScreen);
});

const first = document.querySelector('[data-figure]');
if (first) onKey('the figure, full screen', { f: () => fullScreen(first.dataset.figure) });
