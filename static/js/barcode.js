// The barcode lab: drawn anew while a handle moves; a stripe that is clicked is taken in hand.
import { mount } from './chart.js';
import './figure.js';
import { onKey } from './frame.js';
import { follow, get, set } from './lab.js';

const form = document.querySelector('[data-lab-form]');
const board = document.querySelector('[data-lab="barcode"] .board');

mount();

// Another net has other controls: its page is another.
form.addEventListener('input', event => {
  if (event.target.name !== 'net') return;
  event.stopPropagation();
  location.assign(`${form.getAttribute('action')}?${new URLSearchParams({ net: event.target.value, seed: String(get('seed')), skip: String(get('skip')) })}`);
}, true);

follow('/labs/barcode/board', () => {
  const slider = form.querySelector('[data-slider="point"]');
  if (slider) slider.max = last();
});

/** The last picture that has a next one. */
const last = () => Number(board.querySelector('[data-points]')?.dataset.points ?? 256) - 1;
const take = point => set('point', Math.min(last(), Math.max(1, point)));

for (const type of ['pointerdown', 'pointermove']) {
  board.addEventListener(type, event => {
    const code = event.target.closest('[data-points]');
    if (!code || !event.buttons && type === 'pointermove') return;
    const box = code.getBoundingClientRect();
    const point = Math.floor((event.clientX - box.left) / box.width * Number(code.dataset.points)) + 1;
    if (point !== Number(get('point'))) take(point);
  });
}
onKey('the picture before or after', { '[': () => take(Number(get('point')) - 1), ']': () => take(Number(get('point')) + 1) });
