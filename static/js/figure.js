// Buttons of a figure: keep it as a picture, show it on the full screen.
import { instance } from './chart.js';
import { onKey } from './frame.js';

const figure = id => document.querySelector(`[data-figure="${id}"]`);

/** Saves what a figure shows as a PNG, at twice the screen's size and on the page's ground. */
function savePNG(id) {
  const chart = instance(id);
  const link = document.createElement('a');
  link.href = chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: getComputedStyle(figure(id)).backgroundColor });
  link.download = `${[document.querySelector('[data-lab]')?.dataset.lab, id].filter(Boolean).join('-')}.png`;
  link.click();
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
