// The chain lab: drawn anew while a handle moves; a layer that is clicked is taken apart.
import { mount } from './chart.js';
import { follow, get, set } from './lab.js';
import { onKey } from './frame.js';
import { typeset } from './maths.js';
import './figure.js';
import { rest, sendBack } from './chain-net.js';
import { stepper } from './chain-graph.js';

const board = document.querySelector('[data-lab="chain"]');
const form = document.querySelector('[data-lab-form]');
const steps = stepper();
let depth = +get('depth'), skip = get('skip');

mount();
typeset(board);
follow(board.dataset.board ?? '/labs/chain/board', /** @param {json.chainDrawn} answer */ answer => {
  depth = answer.depth;
  const slider = form.querySelector('[data-slider="layer"]');
  if (slider) slider.max = depth;
  rest(); // what is in flight is of another chain
  if (skip !== get('skip')) sendBack();
  skip = get('skip');
});
board.addEventListener('part', event => {
  typeset(event.target).then(() => bring(event.target));
  steps.refresh();
});
sendBack();

/** Brings the product of a layer that was just taken in hand into sight. */
function bring(part) {
  if (part.dataset.part !== 'product') return;
  if (taken) part.scrollIntoView({ block: 'nearest' });
  taken = false;
}
let taken = false;

/** Takes a layer in hand, 0 for none. */
function take(layer) {
  taken = layer > 0;
  set('layer', layer);
}

/** The layer in hand as it is shown: never deeper than the chain. */
const inHand = () => Math.min(+(get('layer') ?? 0), depth);

board.addEventListener('click', event => {
  const column = event.target.closest('[data-layer]');
  if (!column || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const layer = +column.dataset.layer;
  take(layer === inHand() ? 0 : layer);
});

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
