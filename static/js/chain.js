// The chain lab: drawn anew while a handle moves; a layer that is clicked is taken apart.
import { instance, mount } from './chart.js';
import { follow, get, set } from './lab.js';
import { onKey } from './frame.js';
import { typeset } from './maths.js';
import './figure.js';
import { stepper } from './chain-graph.js';

const figure = 'gradients';
const board = document.querySelector('[data-lab="chain"]');
const form = document.querySelector('[data-lab-form]');
const steps = stepper();
let depth = +get('depth');

mount();
typeset(board);
follow('/labs/chain/board', /** @param {json.chainDrawn} answer */ answer => {
  depth = answer.depth;
  const slider = form.querySelector('[data-slider="layer"]');
  if (slider) slider.max = depth;
});
board.addEventListener('part', event => {
  typeset(event.target);
  steps.refresh();
});

/** Takes a layer in hand, 0 for none. The first page shows no layer: it leads to the lab. */
function take(layer) {
  if (form.elements.layer) set('layer', layer);
  else if (layer) location.assign(`/labs/chain?${new URLSearchParams([...new URLSearchParams(location.search), ['layer', layer]])}`);
}

/** The layer in hand as it is shown: never deeper than the chain. */
const inHand = () => Math.min(+(get('layer') ?? 0), depth);

/** The layer at a place of the chart, 0 outside of the layers. */
function layerAt(chart, event) {
  const at = [event.offsetX, event.offsetY];
  if (!chart.containPixel({ gridIndex: 0 }, at) && event.offsetY < chart.getHeight() * .5) return 0;
  const names = chart.getOption().xAxis[0].data;
  return Number(names[chart.convertFromPixel({ xAxisIndex: 0 }, at[0])]) || 0;
}

const chart = instance(figure);
chart.getZr().on('click', event => {
  const layer = layerAt(chart, event);
  if (layer) take(layer === inHand() ? 0 : layer);
});
chart.getZr().on('mousemove', event => chart.getZr().setCursorStyle(layerAt(chart, event) ? 'pointer' : 'default'));

// Links that change one field do so in place.
board.addEventListener('click', event => {
  const link = event.target.closest('[data-set-field]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  set(link.dataset.setField, link.dataset.setValue);
});

onKey('take the layer before or after in hand', { '[': () => take(Math.max(0, inHand() - 1)), ']': () => take(Math.min(depth, inHand() + 1)) });
if (document.querySelector('[data-part="graph"]')) {
  onKey('one step back or forward through the graph', { ',': () => steps.move('back'), '.': () => steps.move('forward') });
}
