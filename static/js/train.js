// The train lab: plays a run that the server streams.
//
// The server trains as fast as it can and streams every step; the player keeps the steps and shows them at the reader's
// speed, so the playhead may stand anywhere in what has arrived. Pausing hangs up, which parks the run on the server;
// going on asks for the steps after those that are here. How the steps are drawn is train-figures.js, what stays of
// earlier runs train-kept.js.
import { mount } from './chart.js';
import { listen } from './events.js';
import './figure.js';
import { ask, follow, get, query, replace, set } from './lab.js';
import { onKey } from './frame.js';
import { short } from './number.js';
import { drawer } from './train-figures.js';
import { keeper } from './train-kept.js';
import { drawStrip } from './train-net.js';
import { label, renewable, say } from './transport.js';

const form = document.querySelector('[data-lab-form]');
const part = name => document.querySelector(`[data-part="${name}"]`);
const act = name => document.querySelector(`[data-act="${name}"]`);

/** @type {json.TrainRun} */
let run = JSON.parse(document.getElementById('train-run').textContent);
/** @type {Record<string, json.Step[]>} */
let steps = {}; // by twin: the steps that have arrived
let shown = 0; // how many of them the figures show
let complete = false; // every step has arrived
let hangUp = () => {}, again = 0, playing = false, wanted = Infinity, due = 0;
let invitation = part('verdict').innerHTML, told = 0; // what the sentence is before a run, and when it was last put during one
let begun = { at: 0, steps: 0 }; // when listening began, and with how many steps: what the speed is told from

mount();
const figures = drawer(step => { pause(); shown = step; draw(); });
const kept = keeper(part('kept'), draw);

/** Takes a new config's run: what is known of it, or nothing yet. */
function adopt() {
  hang();
  playing = false;
  steps = run.finished ?? {};
  complete = !!run.finished;
  shown = arrived();
  if (complete) kept.finished(run, steps);
  label(false);
  draw();
  say(complete ? `${shown} steps` : '');
  for (const name of ['run', 'step']) act(name).disabled = !run.stream;
}

follow('/labs/train/board', /** @param {json.trainDrawn} board */ board => {
  invitation = board.parts.verdict;
  for (const [id, figure] of Object.entries(board.figures)) figures.take(id, figure.option);
  const same = board.run.stream === run.stream && board.run.stream !== '';
  if (same && (!board.run.finished || complete)) { // the same run, perhaps in play: only its look has changed
    Object.assign(run, { curve: board.run.curve, gradients: board.run.gradients });
    return draw();
  }
  run = board.run;
  adopt();
});

// Another net has other fields: its page is another form. What both nets share goes along.
const shared = ['activation', 'steps', 'lr', 'seed', 'data', 'count', 'batch', 'optimizer', 'clip', 'dtype', 'curve', 'gradients'];
form.addEventListener('input', event => {
  if (event.target.name !== 'net') return;
  event.stopImmediatePropagation();
  const from = new URLSearchParams(query()), to = new URLSearchParams({ net: event.target.value });
  for (const name of shared) if (from.has(name)) to.set(name, from.get(name));
  location.assign(`/labs/train?${to}`);
}, { capture: true });

// Links that change one field do so in place.
document.querySelector('[data-lab="train"]').addEventListener('click', event => {
  const link = event.target.closest('[data-set-field]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  set(link.dataset.setField, link.dataset.setValue);
});

// ---- transport ------------------------------------------------------------------------------

act('run').addEventListener('click', () => playing ? pause() : play());
act('step').addEventListener('click', () => { wanted = shown + 1; play(true); });
act('reset').addEventListener('click', reset);
part('scrub').addEventListener('input', event => { pause(); shown = Math.min(Number(event.target.value), arrived()); draw(); });
onKey('run or pause', { ' ': () => act('run').click() });
onKey('one training step', { '.': () => act('step').click() });
onKey('back to step 0, with the same weights', { r: reset });
renewable();

function play(single = false) {
  if (!run.stream) return;
  if (!single) {
    wanted = Infinity;
    if (complete && shown === arrived()) shown = 0; // again from the start
  }
  playing = true;
  due = performance.now();
  if (!complete) compute();
  label(!single);
  tell(shown);
  requestAnimationFrame(tick);
}

function pause() {
  playing = false;
  hang();
  label(false);
  tell(shown);
  if (!complete && shown) say(`paused at step ${shown} of ${run.steps}`);
}

function reset() {
  pause();
  shown = 0;
  say('');
  draw();
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
    draw(true);
    say(`step ${shown} of ${run.steps}${left(now, speed)}`);
  } else if (shown === arrived()) {
    due = Math.max(due, now); // waits for the server: no catching up afterwards
  }
  if (shown >= wanted) { draw(); return pause(); }
  if (complete && shown === arrived()) return finish();
  requestAnimationFrame(tick);
}

/** How long the rest takes, in words: the longer of computing it and of showing it. Nothing where it is soon over. */
function left(now, speed) {
  const rate = (arrived() - begun.steps) / (now - begun.at); // steps a millisecond
  const computing = complete || !(rate > 0) || now - begun.at < 1000 ? 0 : (run.steps - arrived()) / rate;
  const seconds = Math.max(computing, speed ? (run.steps - shown) * 1000 / speed : 0) / 1000;
  if (seconds < 4) return '';
  return seconds < 90 ? `, about ${Math.ceil(seconds / 5) * 5} s left` : `, about ${Math.ceil(seconds / 60)} min left`;
}

function finish() {
  playing = false;
  label(false);
  draw();
  say(`${shown} steps`);
  if (run.finished) return;
  run.finished = steps;
  kept.finished(run, steps);
  conclude(run);
}

/** Asks for what the server says of a run that is finished. */
async function conclude(of) {
  /** @type {json.trainDrawn} */
  let board;
  try {
    board = await ask(`/labs/train/board?${query()}`);
  } catch (error) {
    say(error.message);
    if (error.again) setTimeout(() => { if (run === of) conclude(of); }, 2000);
    return;
  }
  if (run !== of || board.run.stream !== run.stream) return; // the reader has gone on to another
  for (const [name, html] of Object.entries(board.parts)) replace(name, html);
  for (const [id, figure] of Object.entries(board.figures)) figures.take(id, figure.option);
  draw();
}

// ---- the stream -------------------------------------------------------------------------------

const twins = () => run.twins ? ['plain', 'residual'] : [run.subject];
const arrived = () => {
  const counts = twins().map(twin => steps[twin]?.length ?? 0);
  return complete ? Math.max(...counts) : Math.min(...counts);
};

/** Has the server compute the steps that are not here. */
function compute() {
  hang();
  begun = { at: performance.now(), steps: arrived() };
  const have = twins().map(twin => `${twin}=${steps[twin]?.length ?? 0}`).join('&');
  hangUp = listen(`${run.stream}&after=${encodeURIComponent(have)}`, {
    queued: /** @param {json.queuedEvent} e */ e => { if (shown === arrived()) say(e.message); },
    step: /** @param {json.stepsEvent} e */ e => {
      const known = steps[e.run] ??= [];
      known.push(...e.steps.filter(s => s.step >= known.length));
      part('computed').value = arrived();
    },
    diverged: /** @param {json.divergedEvent} e */ e => say(e.message),
    done: /** @param {Record<string, json.TrainResult>} results */ results => {
      hang();
      run.tests = Object.fromEntries(Object.entries(results).map(([twin, r]) => [twin, r.test]));
      complete = true;
      part('computed').value = run.steps;
    },
  }, say, may => { if (may) again = setTimeout(compute, 1500); else pause(); });
}

function hang() {
  clearTimeout(again);
  hangUp();
}

// The page that is left must not keep a run alive.
addEventListener('pagehide', hang);

// ---- what is shown ------------------------------------------------------------------------------

/** Shows the steps up to the playhead; moving says that the next call follows within a frame or two. */
function draw(moving = false) {
  const at = Math.min(shown, arrived());
  part('step').value = at;
  part('steps').textContent = run.steps;
  Object.assign(part('scrub'), { max: run.steps, value: at });
  Object.assign(part('computed'), { max: run.steps, value: complete ? run.steps : arrived() });
  drawStrip(run, steps, at);
  figures.draw(run, steps, at, kept.lines(run), moving);
  tell(at);
}

/** Says in the sentence what a run under way has come to; the server's own sentence follows at its end. */
function tell(at) {
  if (run.finished || !run.stream) return;
  part('verdict').setAttribute('aria-live', playing ? 'off' : 'polite'); // a pause is announced, not every step
  const now = performance.now();
  if (playing && at && now - told < 400) return;
  told = now;
  if (!at) return replace('verdict', playing ? '<p class="verdict">The run begins.</p>' : invitation);
  const loss = twin => {
    const of = steps[twin] ?? [], value = of[Math.min(at, of.length) - 1]?.loss;
    return typeof value === 'number' ? short(value) : '<strong>no longer a number</strong>';
  };
  const net = twin => `the <span class="${twin}">${twin}</span> net’s`;
  const losses = run.twins ? `${net('plain')} loss is ${loss('plain')}, ${net('residual')} ${loss('residual')}` : `the loss is ${loss(run.subject)}`;
  replace('verdict', `<p class="verdict">After ${at} of ${run.steps} steps ${losses}.</p>`);
}

adopt();
