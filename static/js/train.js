// The train lab: plays a run that the server streams.
//
// The server trains as fast as it can and streams every step; this script keeps the steps and shows them at the reader's
// speed, so the playhead may stand anywhere in what has arrived. Pausing hangs up, which parks the run on the server;
// going on asks for the steps after those that are here.
import { mount, show } from './chart.js';
import { follow, get, replace, set } from './lab.js';
import { onKey } from './frame.js';

const part = name => document.querySelector(`[data-part="${name}"]`);
const act = name => document.querySelector(`[data-act="${name}"]`);

let run = JSON.parse(document.getElementById('train-run').textContent);
let options = {}; // the figures' options as the server made them
let steps = {}; // by twin: the steps that have arrived
let shown = 0; // how many of them the figures show
let complete = false; // every step has arrived
let stream = null, playing = false, wanted = Infinity, clock = 0, due = 0;

mount();
for (const id of ['loss', 'gradients']) options[id] = JSON.parse(document.getElementById(`option-${id}`).textContent);

/** Takes a new config's run: what is known of it, or nothing yet. */
function adopt() {
  hangUp();
  playing = false;
  steps = run.finished ?? {};
  complete = !!run.finished;
  shown = arrived();
  label();
  draw();
  say(complete ? `${shown} steps` : '');
  for (const name of ['run', 'step']) act(name).disabled = !run.stream;
}

follow('/labs/train/board', board => {
  const same = board.run.stream === run.stream;
  if (same && !board.run.finished) return; // the same run, perhaps in play: leave it
  run = board.run;
  for (const [id, figure] of Object.entries(board.figures)) options[id] = figure.option;
  adopt();
});

// ---- transport ------------------------------------------------------------------------------

act('run').addEventListener('click', () => playing ? pause() : play());
act('step').addEventListener('click', () => { wanted = shown + 1; play(true); });
act('reset').addEventListener('click', reset);
act('renew').addEventListener('click', () => set('seed', (Number(get('seed')) + 1) % 2 ** 32));
part('scrub').addEventListener('input', event => { pause(); shown = Number(event.target.value); draw(); });
onKey({ ' ': () => act('run').click(), '.': () => act('step').click(), r: () => reset(), n: () => act('renew').click() });

function play(single = false) {
  if (!run.stream) return;
  if (!single) {
    wanted = Infinity;
    if (complete && shown === arrived()) shown = 0; // again from the start
  }
  playing = true;
  due = performance.now();
  if (!complete) listen();
  label();
  requestAnimationFrame(tick);
}

function pause() {
  playing = false;
  hangUp();
  label();
  if (!complete && shown) say(`paused at step ${shown} of ${run.steps}`);
}

function reset() {
  pause();
  shown = 0;
  say('');
  draw();
}

function label() {
  act('run').textContent = playing && wanted === Infinity ? 'Pause' : 'Run';
}

/** Moves the playhead on, at the reader's speed. */
function tick(now) {
  if (!playing) return;
  const speed = Number(act('speed').value);
  const limit = Math.min(arrived(), wanted);
  if (shown < limit && now >= due) {
    const count = speed && wanted === Infinity ? Math.max(1, Math.floor((now - due) * speed / 1000) + 1) : limit - shown;
    shown = Math.min(limit, shown + count);
    due = speed ? Math.max(now, due + count * 1000 / speed) : now;
    draw();
    say(`step ${shown} of ${run.steps}`);
  } else if (shown === arrived()) {
    due = Math.max(due, now); // waits for the server: no catching up afterwards
  }
  if (shown >= wanted) return pause();
  if (complete && shown === arrived()) return finish();
  requestAnimationFrame(tick);
}

async function finish() {
  playing = false;
  label();
  say(`${shown} steps`);
  if (run.finished) return;
  run.finished = steps;
  const board = await (await fetch(`/labs/train/board?${new URL(run.stream, location).search.slice(1).replace(/&?twin=1/, '')}`)).json();
  if (board.run.stream !== run.stream) return; // the reader has gone on to another
  for (const [name, html] of Object.entries(board.parts)) replace(name, html);
  for (const [id, figure] of Object.entries(board.figures)) { options[id] = figure.option; }
  draw();
}

// ---- the stream -------------------------------------------------------------------------------

const twins = () => run.twins ? ['plain', 'residual'] : [run.subject];
const arrived = () => {
  const counts = twins().map(twin => steps[twin]?.length ?? 0);
  return complete ? Math.max(...counts) : Math.min(...counts);
};

function listen() {
  hangUp();
  const have = twins().map(twin => `${twin}=${steps[twin]?.length ?? 0}`).join('&');
  stream = new EventSource(`${run.stream}&after=${encodeURIComponent(have)}`);
  const on = (event, handle) => stream.addEventListener(event, e => handle(JSON.parse(e.data)));
  on('queued', e => say(`waiting for a free core: place ${e.place}`));
  on('start', e => { run.layers = e.layers; });
  on('step', e => {
    const known = steps[e.run] ??= [];
    known.push(...e.steps.filter(s => s.step >= known.length));
  });
  on('diverged', e => say(e.message));
  on('failed', e => { hangUp(); if (e.again) setTimeout(() => playing && listen(), 1500); else { pause(); say(e.error); } });
  on('done', () => { hangUp(); complete = true; });
  stream.onerror = () => say('the server does not answer; trying again');
}

function hangUp() {
  stream?.close();
  stream = null;
}

// The page that is left must not keep a run alive.
addEventListener('pagehide', hangUp);

// ---- figures ------------------------------------------------------------------------------------

function say(text) { part('status').textContent = text; }

function draw() {
  const last = run.steps, at = Math.min(shown, arrived());
  part('step').value = at;
  part('steps').textContent = run.steps;
  Object.assign(part('scrub'), { max: Math.max(arrived(), 1), value: at });

  const lines = twins().flatMap(twin => {
    const past = (steps[twin] ?? []).slice(0, at);
    return [
      { type: 'line', id: twin, name: twin, data: past.map(s => [s.step, s.loss]) },
      { type: 'line', id: `${twin}-test`, name: `${twin}, test`, data: past.filter(s => s.test).map(s => [s.step, s.test.loss]) },
    ];
  });
  const base = options.loss;
  show('loss', { ...base, xAxis: { ...[base.xAxis].flat()[0], min: 0, max: last }, series: lines });

  const bars = twins().map(twin => {
    const of = steps[twin] ?? [], step = of[Math.min(at, of.length) - 1];
    return { type: 'bar', id: twin, name: twin, data: (step?.grad_norms ?? []).map(value => ({ value })) };
  });
  const axis = [options.gradients.xAxis].flat()[0];
  show('gradients', { ...options.gradients, xAxis: { ...axis, data: run.layers ?? axis.data ?? [] }, series: bars });
}

adopt();
