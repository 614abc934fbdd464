// The drawn net of the train lab: moves its ribbons, and the numbers of the block in hand, to the step that is shown.
//
// The server draws the net (handlers/board/train_net.go) and the ribbons of a run that it knows; this module draws the same
// ribbons of the steps that have arrived.
import { get, set } from './lab.js';
import { onKey } from './frame.js';
import { precise, short } from './number.js';
import { arrival, norms, ribbon } from './ribbon.js';

const figure = document.querySelector('[data-strip]');
const units = () => [...figure.querySelectorAll('[data-strip-row] .run-unit')];

/**
 * Draws the ribbons at the start and at the step shown. `steps` are by twin, `at` is how many are shown.
 * @param {json.TrainRun} run
 * @param {Record<string, json.Step[]>} steps
 */
export function drawStrip(run, steps, at) {
  if (!run.strip) return;
  for (const row of figure.querySelectorAll('[data-strip-row]')) {
    const twin = row.dataset.stripRow;
    for (const moment of ['start', 'now']) {
      const layers = layersAt(steps[twin] ?? [], moment, at);
      const values = layers && norms(run.strip.units[twin], layers);
      const { share, word } = arrival(values, run.strip.words);
      const says = row.querySelector(`.run-says[data-moment=${moment}]`);
      row.querySelector(`[data-ribbon=${moment}]`).setAttribute('d', values ? ribbon(values, run.strip.columns) : '');
      write(says.querySelector('[data-share]'), share);
      write(says.querySelector('[data-word]'), word);
    }
  }
  for (const cell of figure.querySelectorAll('[data-gradient]')) {
    const { gradient, moment, layer } = cell.dataset;
    write(cell, precise(layersAt(steps[gradient] ?? [], moment, at)?.[layer] ?? '–'));
  }
}

const layersAt = (steps, moment, at) => (moment === 'start' ? at && steps[0] : steps[Math.min(at, steps.length) - 1])?.grad_norms;

function write(element, text) {
  const now = typeof text === 'number' ? short(text) : text;
  if (element.textContent.trim() !== now) element.textContent = now;
}

// ---- the walk ---------------------------------------------------------------------------------

/** One box of the first row is a stop of the Tab key: the one in hand, else the first. The arrows go on from it. */
export function rove() {
  const first = [...figure.querySelectorAll('[data-strip-row]')][0]?.querySelectorAll('.run-unit') ?? [];
  const stop = [...first].findIndex(unit => unit.hasAttribute('aria-current'));
  first.forEach((unit, i) => unit.setAttribute('tabindex', i === Math.max(stop, 0) ? '0' : '-1'));
}

function walk(to) {
  const last = units().length / figure.querySelectorAll('[data-strip-row]').length;
  if (last) set('block', Math.min(last, Math.max(1, to)));
}

figure.addEventListener('keydown', event => {
  const unit = event.target.closest('.run-unit');
  if (!unit || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = Number(unit.dataset.unit) + 1;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 1, End: Infinity }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation(); // they are the lab's own keys elsewhere
  const row = unit.closest('[data-strip-row]').dataset.stripRow;
  walk(to);
  figure.querySelector(`[data-strip-row=${row}] [data-unit="${Number(get('block')) - 1}"]`)?.focus();
});
onKey('walk through the net’s blocks', { '[': () => walk(Number(get('block')) - 1), ']': () => walk(Number(get('block')) + 1) });
document.addEventListener('part', event => { if (figure.contains(/** @type {Node} */ (event.target))) rove(); });
rove();
