// The blocks lab: nets are trained once, then broken by clicks.
//
// Every click is a link to another state of the page. This script takes the state from the link instead of following it, and asks
// the server for what has changed; the bars are moved here, so that one sees them fall.
import { mount } from './chart.js';
import './figure.js';
import { follow, get, set } from './lab.js';
import { onKey } from './frame.js';
import { say, transport } from './transport.js';

const form = document.querySelector('[data-lab-form]');
const part = name => document.querySelector(`[data-part="${name}"]`);
const figures = document.querySelector('.figures');

/** @type {json.BlocksRun} */
let run = JSON.parse(document.getElementById('blocks-run').textContent);

mount();

const refresh = follow('/labs/blocks/board', /** @param {json.blocksDrawn} board */ board => {
  if (nets(board.run.stream) !== nets(run.stream)) row.pause();
  run = board.run;
  for (const twin of ['plain', 'residual']) document.querySelector(`[data-bar="${twin}"]`).setAttribute('width', String(1000 * (run.bars[twin] ?? 0)));
  for (const twin of ['plain', 'residual']) document.querySelector(`[data-whole="${twin}"]`).setAttribute('width', String(1000 * (run.wholes[twin] ?? 0)));
  row.settle();
});

/** The nets that a stream trains, whatever is done to them afterwards. */
function nets(stream) {
  const { searchParams } = new URL(stream, location.href);
  for (const name of ['out', 'swap']) searchParams.delete(name);
  return searchParams.toString();
}

// ---- clicks on blocks -------------------------------------------------------------------------

const changed = ['out', 'swap', 'click', 'held']; // what a click changes; the last one is told of

/** Takes over what a link to another state of the nets says. */
function take(link) {
  const to = new URL(link.href).searchParams;
  for (const name of changed) {
    const input = form.elements[name];
    if (input) input.value = to.get(name) ?? form.querySelector(`[data-field="${name}"]`).dataset.default;
  }
  set('held', get('held'));
}

document.querySelector('[data-lab="blocks"]').addEventListener('click', event => {
  const link = event.target.closest('a[data-blocks]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  take(link);
});

const press = number => document.querySelector(`.net.residual [data-block="${number}"]`)?.click();
onKey('take a block out, or put it back', Object.fromEntries([...'123456789'].map(key => [key, () => press(key)])));
onKey('put all blocks back', { 0: () => document.querySelector('.mend')?.click() });

// ---- training ---------------------------------------------------------------------------------

const row = transport({
  address: () => run.known ? '' : run.stream,
  on: {
    progress: /** @param {json.progressEvent} e */ e => {
      if (e.share < .5) part('share').value = e.share;
      else part('share').removeAttribute('value'); // the server does not tell how many blocks are still to be taken out
      say(e.share < .5 ? 'both nets learn' : 'learnt; now their blocks are taken out, one by one');
    },
    done: () => { row.stop(); refresh(); },
  },
  paused: () => 'paused',
  settled: running => {
    if (running && run.known) return row.stop();
    if (part('share').hidden === running) part('share').value = 0;
    part('share').hidden = !running;
    figures.hidden = !run.known;
    if (run.known) say('trained');
    else if (!running && part('status').textContent === 'trained') say('');
  },
});
row.settle();
