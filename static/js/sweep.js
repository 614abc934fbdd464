// The sweep lab: the points of a chart, each a run of its own, arrive one by one.
//
// The server renders the board from the runs that it knows; this script asks for those that are missing, by a stream, and
// for the board again at each point. Pausing hangs up, which parks the runs on the server.
import { instance, mount } from './chart.js';
import './figure.js';
import { listen } from './events.js';
import { follow, get, replace, set } from './lab.js';
import { onKey } from './frame.js';

const form = document.querySelector('[data-lab-form]');
const part = name => document.querySelector(`[data-part="${name}"]`);
const act = name => document.querySelector(`[data-act="${name}"]`);

/** @type {json.SweepRun} */
let run = JSON.parse(document.getElementById('sweep-run').textContent);
let hangUp = null, have = '', timer = 0, began = null;
let invitation = part('verdict').innerHTML; // what the sentence is before the first run
let tried = ''; // the sweep that was started last: none starts by itself twice

mount();

// Another net has other controls: its page is another.
form.addEventListener('input', event => {
  if (event.target.name !== 'net') return;
  event.stopPropagation();
  location.assign(`${form.getAttribute('action')}?${new URLSearchParams({ net: event.target.value, seed: String(get('seed')) })}`);
}, true);

const refresh = follow('/labs/sweep/board', /** @param {json.sweepDrawn} board */ board => {
  const same = board.run.stream === run.stream;
  run = board.run;
  invitation = board.parts.verdict;
  if (!same) {
    pause();
    have = '';
    say('');
  }
  settle();
});

instance('sweep')?.on('click', event => {
  const link = document.querySelector(`a[data-point="${event.seriesId}:${event.value?.[0]}"]`);
  link?.click(); // a click, so that a lab in another page opens the whole page
});

act('run').addEventListener('click', () => hangUp ? pause() : start());
act('renew').addEventListener('click', () => set('seed', (Number(get('seed')) + 1) % 2 ** 32));
onKey('run or pause', { ' ': () => act('run').click() });
onKey('new weights: the next seed', { n: () => act('renew').click() });
addEventListener('pagehide', pause); // the page that is left must not keep runs alive
settle();

/** Shows how far the sweep is, and starts it where it costs next to nothing. */
function settle() {
  const complete = run.known >= run.of;
  act('run').disabled = !run.stream || complete && !hangUp;
  act('run').textContent = hangUp ? 'Pause' : 'Run';
  act('run').toggleAttribute('data-running', hangUp !== null);
  part('share').hidden = !hangUp;
  if (complete && run.stream) say(`${run.of} runs`);
  if (!run.known && run.stream) replace('verdict', hangUp ? `<p class="verdict">The first of ${run.of} nets is under way.</p>` : invitation);
  clearTimeout(timer);
  if (run.cheap && run.stream !== tried && !complete && !hangUp) timer = setTimeout(start, 150); // once the handle rests
}

function start() {
  clearTimeout(timer);
  if (!run.stream || hangUp) return;
  const url = new URL(run.stream, location.href);
  if (have) url.searchParams.set('after', have);
  tried = run.stream;
  began = null;
  part('share').value = 0;
  say('starting');
  hangUp = listen(url.href, {
    queued: /** @param {json.queuedEvent} e */ e => say(e.message),
    progress,
    point: (_, id) => { have = id; refresh(); },
    done: () => { pause(); refresh(); },
  }, say, again => { pause(); if (again) timer = setTimeout(start, 3000); });
  settle();
}

function pause() {
  clearTimeout(timer);
  if (!hangUp) return;
  hangUp();
  hangUp = null;
  say(`paused at ${run.known} of ${run.of} runs`);
  settle();
}

/** @param {json.progressEvent} told */
function progress({ known, of, share }) {
  const now = performance.now();
  began ??= { now, share };
  part('share').value = share;
  const spent = (now - began.now) / 1000, gained = share - began.share;
  const left = spent > 2 && gained > 0 ? `, about ${Math.ceil(spent / gained * (1 - share))} s left` : '';
  say(`${known} of ${of} runs${left}`);
}

function say(text) { if (part('status').textContent !== text) part('status').textContent = text; }
