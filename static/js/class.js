// A device of a class: a student's, the projector, the teacher's own. The server says by an event that something changed, and
// which lab is shown; where more than the lab changed, a student is sent the stage with it, and the teacher's devices fetch what
// they show. Whatever is lost on the way is found at the next look.
import { actionOf, fieldsOf, onKey } from './frame.js';
import { labFrame } from './class-frame.js';
import { keepAnswers } from './class-answer.js';
import { keepHands } from './class-hands.js';
import { answerList, showSieve } from './class-incoming.js';
import { dropped, looked } from './class-mine.js';
import { keepSigns } from './class-signs.js';
import { poll } from './class-poll.js';
import { renew } from './part.js';

const main = document.querySelector('[data-class]');
const { class: code, role } = main.dataset;
const base = `/class/${code}`, teaches = role !== 'student';
const note = main.querySelector('[data-connection]');
const json = { Accept: 'application/json' };

let version = Number(main.dataset.version ?? 0), state = main.dataset.state, heard = state;
const frame = labFrame(main, { role, stop: onStage, show: (path, stop) => act({ do: 'show', path, stop }), run: () => act({ do: 'run' }), key: press, branch: () => signs.branch() });
const signs = role === 'student' ? keepSigns(main, { base, stop: onStage, branched: () => frame.branched(), show, left, refresh: () => refresh() }) : { branch() {}, hand() {}, up: () => false };

// ---- what is shown --------------------------------------------------------------------------

/** How parts are shown in which more stays than what was focused.
 * @type {Record<string, (part: Element, html: string) => void>} */
const kept = role === 'remote' ? {
  answers: answerList(main.querySelector('[data-part=answers]'), main.querySelector('[data-new-below]')), sieve: showSieve,
  hands: keepHands(main, { base, query: () => `view=${role}${filter()}`, show, lost: text => { main.querySelector('[data-remote-error]').textContent = text; } }),
} : {};

/** Shows rendered HTML in a part of the page. */
function put(name, html) {
  const part = main.querySelector(`[data-part="${name}"]`);
  if (!part || part.dataset.shown === html) return;
  part.dataset.shown = html;
  (kept[name] ?? renew)(part, html);
}

/** Shows an answer of the server, unless it is older than what was heard. A student's stage stays as it is while nothing on it
 * changed: something may be typed there.
 * @param {json.studentState | json.boardState} told
 * @param {boolean} [whole] */
function show(told, whole) {
  const answer = /** @type {json.studentState & json.boardState} */ (told); // each has what its page looks at
  if (answer.version < version) return false;
  version = answer.version;
  answers.hold();
  for (const [name, html] of Object.entries(answer.parts)) {
    if (teaches || whole || name !== 'stage' || answer.state !== state) put(name, html);
  }
  announce();
  state = answer.state;
  heard = answer.stage ?? state;
  closing(answer.closing);
  frame.follow(answer.lab, answer.runs);
  answers.mount();
  if (teaches) {
    for (const part of main.querySelectorAll('[data-while-open]')) part.hidden = answer.ended;
    for (const part of main.querySelectorAll('[data-when-over]')) part.hidden = !answer.ended;
  }
  if (role === 'projector') {
    main.querySelector('[data-blank]').hidden = !answer.blank;
    document.documentElement.dataset.zoom = answer.zoom;
    frame.look();
    fit();
  }
  clearTimeout(later);
  if (answer.waits) later = setTimeout(refresh, 1500, 0, true);
  return true;
}

let announced = stageWords();
/** What is on stage, in words; a formula as it is written, and not once more as it is drawn. */
function stageWords() {
  return [...main.querySelectorAll('.stage > .kick, .stage > h1, .stage > .talk, [data-on-stage-now]')].map(e => {
    const words = e.cloneNode(true);
    for (const drawn of words.querySelectorAll('.katex-html, semantics > :not(annotation)')) drawn.remove();
    return words.textContent.trim();
  }).join('. ');
}

/** Tells those who listen that something else is on stage. */
function announce() {
  const place = main.querySelector('[data-announce]'), words = stageWords();
  if (!place || words === announced) return;
  announced = place.textContent = words;
}

let ticking;

/** Counts the seconds down to the moment at which a timer ends; 0 where none runs. The server locks by itself; a talk goes on until the
 * teacher ends it. */
function closing(milliseconds) {
  const place = main.querySelector('[data-closing]'), end = performance.now() + milliseconds;
  clearInterval(ticking);
  const was = place.hidden;
  place.hidden = !milliseconds;
  if (!milliseconds) { place.textContent = ''; return; }
  const asked = phase() === 'asked';
  const tell = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    if (asked) place.textContent = seconds ? `Collected in ${seconds} second${seconds === 1 ? '' : 's'}` : 'Being collected…';
    else place.textContent = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left to talk` : 'Time is up';
  };
  ticking = setInterval(tell, 250);
  tell();
  if (was && asked && role === 'student') say(`Your teacher collects what you have written in ${Math.ceil(milliseconds / 1000)} seconds.`);
  if (role === 'projector') fit();
}

/** Makes the stage as large as the wall has room for, which cannot be scrolled; small where it must be. A lab below it wants most of the
 * room. "Bigger" raises how large it may become, and so never makes it smaller. */
function fit() {
  const stage = main.querySelector('.projected');
  if (role !== 'projector') return;
  const lab = !main.querySelector('[data-lab-frame]').hidden, zoom = Number(document.documentElement.dataset.zoom ?? 0);
  const fits = scale => {
    stage.style.zoom = scale;
    return main.scrollHeight <= innerHeight + 1 && stage.scrollWidth <= stage.clientWidth + 1;
  };
  let [low, high] = [.3, (lab ? 1 : 2.2) * (1 + zoom * .2)];
  if (fits(high)) return;
  while (high - low > .02) if (fits((low + high) / 2)) low = (low + high) / 2; else high = (low + high) / 2;
  fits(low);
}
addEventListener('resize', fit);
document.fonts?.ready.then(fit);

let later, busy = false, wanted = null;

function gone() {
  dropped(code);
  location.assign('/class');
}

/** Leaves the page of a class that is no more, or that this device is no longer in. What is asked while the class is being deleted
 * goes where the stream's word and the form's answer go: another address would undo theirs. */
function left({ status }) {
  if (status === 404) gone();
  if (status === 403) location.assign(base);
  return status === 404 || status === 403;
}

/** Fetches what this device may see; of several wishes at once the last counts. */
async function refresh(heard = 0, whole = false) {
  wanted = { heard: Math.max(heard, wanted?.heard ?? 0), whole: whole || !!wanted?.whole };
  if (busy) return;
  busy = true;
  while (wanted) {
    const { heard, whole } = wanted;
    wanted = null;
    try {
      const from = teaches ? `${base}/board?view=${role}${filter()}` : `${base}/state?version=${heard}`;
      const answer = await fetch(from, { headers: json });
      if (left(answer)) return;
      if (!answer.ok) throw new Error(String(answer.status));
      if (!show(await answer.json(), whole)) wanted ??= { heard: version, whole };
      say('');
    } catch {
      say('The server does not answer; this page tries again.');
      await new Promise(done => setTimeout(done, 1000 + Math.random() * 2000));
      wanted ??= { heard, whole };
    }
  }
  busy = false;
}

const say = text => { if (note && note.textContent !== text) note.textContent = text; };

// ---- events ---------------------------------------------------------------------------------

let throttle = 0, endPolling = null;

/** How many of the student's runs the page shows with what they came to. */
const computedShown = () => /** @type {HTMLElement} */ (main.querySelector('[data-computed]'))?.dataset.computed ?? '0';

function listen() {
  const source = new EventSource(`${base}/events`);
  source.addEventListener('change', event => {
    /** @type {json.change} */
    const told = JSON.parse(event.data);
    signs.hand(told.hand);
    if (told.version < version || told.version === version && told.stage === heard) return;
    heard = told.stage;
    if (told.answer) { if (show(told.answer)) say(''); return; }
    if (teaches || told.stage !== state) { refresh(told.version); return; }
    version = told.version;
    closing(told.closing);
    frame.follow(told.lab, told.runs);
  });
  source.addEventListener('arrived', () => {
    const pause = main.querySelector('.scatter') ? 1000 : role === 'projector' ? 0 : 300; // a line of numbers is shown at once
    if (!pause) refresh();
    else throttle ||= setTimeout(() => { throttle = 0; refresh(); }, pause);
  });
  source.addEventListener('computed', event => {
    /** @type {json.computed} */
    const { runs } = JSON.parse(event.data);
    if (String(runs) !== computedShown()) refresh();
  });
  source.addEventListener('hand', event => {
    /** @type {json.handTold} */
    const { up } = JSON.parse(event.data);
    signs.hand(up);
  });
  source.addEventListener('gone', () => { source.close(); gone(); });
  source.onopen = () => {
    endPolling?.();
    endPolling = null;
    say('');
    signs.branch();
  };
  source.onerror = () => {
    const refused = source.readyState === EventSource.CLOSED; // else the browser comes back by itself
    if (refused && !teaches) { endPolling ??= poll({ ask, listen }); return; }
    say('The connection is lost; this page comes back by itself.');
    if (refused) setTimeout(again, 1000 + Math.random() * 2000);
  };
}

/** Listens again on a teacher's page, unless the class is no more. */
async function again() {
  const answer = await fetch(`${base}/board?view=${role}`, { method: 'HEAD' }).catch(() => null);
  if (!answer || !left(answer)) listen();
}

/** Asks whether the class has changed, and shows it; for a student's page that has no stream. */
async function ask() {
  try {
    const answer = await fetch(`${base}/state?version=${version}&unless=${version}&stage=${state}&computed=${computedShown()}&hand=${signs.up()}`, { headers: json });
    if (left(answer)) return false;
    if (!answer.ok) throw new Error(String(answer.status));
    if (answer.status !== 204) show(await answer.json());
    say('');
    return answer.status !== 204;
  } catch (error) {
    say('The server does not answer; this page tries again.');
    throw error;
  }
}

// ---- the teacher ----------------------------------------------------------------------------

function onStage() { return main.querySelector('[data-do] [name=stop]')?.value ?? main.querySelector('[data-stop]')?.dataset.stop ?? ''; }

let acts = Promise.resolve(), losses = 0;

/** Does what a key or a button says; the answer is the board as it is then. One press is one step: it waits for the presses
 * before it, and is for what is on stage then. What was pressed before one is lost goes with it. */
function act(fields) {
  const before = losses;
  return acts = acts.then(() => before === losses && send(typeof fields === 'function' ? fields() : fields));
}

async function send(fields) {
  const error = main.querySelector('[data-remote-error]'), said = main.querySelector('[data-said]');
  try {
    const answer = await fetch(`${base}/do?view=${role}${filter()}`, { method: 'POST', headers: json, body: new URLSearchParams({ stop: onStage(), ...fields }) });
    const board = await answer.json();
    if (error) error.textContent = answer.ok ? '' : board.error;
    if (said) said.textContent = answer.ok ? board.note : '';
    if (answer.ok) show(board); else losses++;
  } catch {
    losses++;
    say('The server does not answer: that was not done.');
  }
}

/** Which answers the teacher wants to read, for a query. */
function filter() {
  const chosen = main.querySelector('#sieve')?.value;
  return chosen ? `&filter=${encodeURIComponent(chosen)}` : '';
}

if (role === 'remote') for (const kind of ['change', 'submit']) main.addEventListener(kind, event => {
  if (!event.target.closest('[data-sieve]')) return;
  event.preventDefault();
  history.replaceState(null, '', `${base}/remote${filter().replace('&', '?')}`); // it holds after a reload, too
  refresh();
});

const bigCode = main.querySelector('[data-big-code]');
const phase = () => main.querySelector('[data-phase]')?.dataset.phase ?? '';
/** What is on stage as this device sees it: a step that another one has made meanwhile is not made twice. */
const seen = () => ({ phase: phase(), round: main.querySelector('[data-round]')?.dataset.round ?? '' });

/** A key that does something once, however long it is held. */
const once = what => event => { if (!event.repeat) act(what); };
const move = what => once({ do: what }), step = what => once(() => ({ do: what, ...seen() }));

/** @typedef {Record<string, (event: any) => void>} Actions */

const steers = !('showsOnly' in main.dataset); // else keys show, and move nothing

/** What the keys of this device do. The projector has those of the teacher's own page, and lists them itself.
 * @type {[string, Actions][]} */
const keys = role === 'student' ? [['back to the class', { b: () => comeBack() }]] : !steers ? [] : [
  ['a step back, a step on: lock, discuss, vote again, lock, run, reveal, and then the next stop', { PageUp: step('retreat'), PageDown: step('advance') }],
  ['the stop before, the next', { ArrowLeft: move('previous'), ArrowRight: move('next') }],
  ['run', { r: move('run') }],
  ['turn the skip connection on or off', { s: move('skip') }],
  ['reveal, or hide again', { v: once(() => ({ do: phase() === 'revealed' ? 'hide' : 'reveal' })) }],
  ['blank the wall, or show it again', { b: move('blank') }],
  ['eyes up: the phones wait, or go on', { e: move('eyes') }],
  ['bigger or smaller type on the wall', { '+': move('bigger'), '=': move('bigger'), '-': move('smaller') }],
];
if (role === 'projector') {
  if (steers) keys.push(['the class', {
    c: move('timer'),
    t: move('longer'),
    d: move('discuss'),
    h: move('votes'),
    l: once(() => ({ do: phase() === 'asked' ? 'lock' : phase() === 'discuss' ? 'again' : 'unlock' })),
  }]);
  keys.push(['the projector', {
    j: () => { bigCode.hidden = !bigCode.hidden; },
    Escape: () => { bigCode.hidden = true; },
    f: () => { if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen(); },
    '?': () => main.querySelector('[data-projector-keys]').showModal(),
  }]);
}
for (const [does, actions] of keys) onKey(does, actions);
const actions = Object.assign({}, ...keys.map(([, actions]) => actions));

/** A key that was pressed inside the lab's frame: true if it is one of ours. */
function press(event) {
  const action = actionOf(event, actions);
  action?.(event);
  return !!action;
}

main.addEventListener('submit', event => {
  const form = event.target.closest('[data-do]');
  if (!form) return;
  event.preventDefault();
  /** @type {Record<string, any>} */
  const fields = { ...Object.fromEntries(fieldsOf(form)), do: event.submitter.value };
  const onItsTurn = 'onStage' in form.dataset;
  if (onItsTurn) delete fields.stop;
  act(() => ({ ...fields, ...onItsTurn ? seen() : {} }));
});
// A point of an exploration: its run is shown to all. For the keyboard the teacher's page lists the runs.
if (teaches && steers) main.addEventListener('click', event => {
  const point = event.target.closest('[data-run]');
  if (point) act({ do: 'stage', path: point.dataset.run });
});
main.querySelector('.key-link')?.addEventListener('focus', event => event.target.select());

// ---- the student ----------------------------------------------------------------------------

const answers = teaches ? { mount() {}, hold() {} } : keepAnswers(main, { base, refresh: () => refresh(0, true), lab: () => frame.path() });

function comeBack() { frame.comeBack(); }
main.querySelector('[data-come-back]')?.addEventListener('click', comeBack);
main.querySelector('[data-confirm]')?.addEventListener('submit', event => {
  if (!confirm(event.target.dataset.confirm)) event.preventDefault();
});

if (role !== 'projector') looked(code, document.title.replace(/ · Gradient Lab$/, ''), teaches);
answers.mount();
closing(Number(main.querySelector('[data-closing]').dataset.closing));
listen();
