// The sweep lab: the points of a chart, each a run of its own, arrive one by one.
//
// The server renders the board from the runs that it knows; this script asks for those that are missing, by a stream, and
// for the board again at each point. Pausing hangs up, which parks the runs on the server.
import { instance, mount } from './chart.js';
import './figure.js';
import { follow, get, replace } from './lab.js';
import { say, transport } from './transport.js';

const form = document.querySelector('[data-lab-form]');
const part = name => document.querySelector(`[data-part="${name}"]`);

/** @type {json.SweepRun} */
let run = JSON.parse(document.getElementById('sweep-run').textContent);
let have = '', timer = 0, began = null;
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
    row.pause();
    have = '';
    say('');
  }
  row.settle();
});

instance('sweep')?.on('click', event => {
  const link = document.querySelector(`a[data-point="${event.seriesId}:${event.value?.[0]}"]`);
  link?.click(); // a click, so that a lab in another page opens the whole page
});

const row = transport({
  address() {
    if (!run.stream || run.known >= run.of) return '';
    const url = new URL(run.stream, location.href);
    if (have) url.searchParams.set('after', have);
    return url.href;
  },
  on: {
    progress,
    point: (_, id) => { have = id; refresh(); },
    done: () => { row.stop(); refresh(); },
  },
  paused: () => `paused at ${run.known} of ${run.of} runs`,
  settled,
});
row.settle();

/** Shows how far the sweep is, and starts it where it costs next to nothing. */
function settled(running) {
  const complete = run.known >= run.of;
  if (part('share').hidden === running) {
    part('share').value = 0;
    began = null;
  }
  part('share').hidden = !running;
  if (running) tried = run.stream;
  if (complete && run.stream) say(`${run.of} runs`);
  if (!run.known && run.stream) replace('verdict', running ? `<p class="verdict">The first of ${run.of} nets is under way.</p>` : invitation);
  clearTimeout(timer);
  if (run.cheap && run.stream !== tried && !complete && !running) timer = setTimeout(row.start, 150); // once the handle rests
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
