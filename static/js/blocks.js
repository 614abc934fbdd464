// The blocks lab: nets are trained once, then broken by clicks.
//
// Every click is a link to another state of the page. This script takes the state from the link instead of following it, and asks
// the server for what has changed; the bars are moved here, so that one sees them fall.
import { mount } from './chart.js';
import './figure.js';
import { listen } from './events.js';
import { follow, get, set } from './lab.js';
import { onKey } from './frame.js';

const form = document.querySelector('[data-lab-form]');
const part = name => document.querySelector(`[data-part="${name}"]`);
const act = name => document.querySelector(`[data-act="${name}"]`);
const figures = document.querySelector('.figures');

/** @type {json.BlocksRun} */
let run = JSON.parse(document.getElementById('blocks-run').textContent);
let hangUp = null, timer = 0;

mount();

const refresh = follow('/labs/blocks/board', /** @param {json.blocksDrawn} board */ board => {
  if (hangUp && nets(board.run.stream) !== nets(run.stream)) pause();
  run = board.run;
  for (const twin of ['plain', 'residual']) document.querySelector(`[data-bar="${twin}"]`).setAttribute('width', String(1000 * (run.bars[twin] ?? 0)));
  for (const twin of ['plain', 'residual']) document.querySelector(`[data-whole="${twin}"]`).setAttribute('width', String(1000 * (run.wholes[twin] ?? 0)));
  settle();
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

act('run').addEventListener('click', () => hangUp ? pause() : start());
act('renew').addEventListener('click', () => set('seed', (Number(get('seed')) + 1) % 2 ** 32));
onKey('run or pause', { ' ': () => act('run').click() });
onKey('new weights: the next seed', { n: () => act('renew').click() });
addEventListener('pagehide', stop); // the page that is left must not keep runs alive
settle();

/** Shows whether the nets are trained. */
function settle() {
  if (run.known) stop();
  act('run').disabled = !run.stream || run.known;
  act('run').textContent = hangUp ? 'Pause' : 'Run';
  act('run').toggleAttribute('data-running', hangUp !== null);
  part('share').hidden = !hangUp;
  figures.hidden = !run.known;
  if (run.known) say('trained');
  else if (!hangUp && part('status').textContent === 'trained') say('');
}

function start() {
  clearTimeout(timer);
  if (!run.stream || run.known || hangUp) return;
  part('share').value = 0;
  say('starting');
  hangUp = listen(run.stream, {
    queued: /** @param {json.queuedEvent} e */ e => say(e.message),
    progress: /** @param {json.progressEvent} e */ e => {
      part('share').value = e.share;
      say(e.share < .5 ? 'both nets learn' : 'learnt; now their blocks are taken out, one by one');
    },
    done: () => { stop(); refresh(); },
  }, say, again => { stop(); settle(); if (again) timer = setTimeout(start, 3000); });
  settle();
}

function stop() {
  clearTimeout(timer);
  hangUp?.();
  hangUp = null;
}

function pause() {
  stop();
  say('paused');
  settle();
}

function say(text) { if (part('status').textContent !== text) part('status').textContent = text; }
