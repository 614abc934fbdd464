// What the labs share: a form whose state is the query string, and a board that the server renders anew at each change.
import { show } from './chart.js';
import { onKey } from './frame.js';
import { morph, renew } from './part.js';

const form = document.querySelector('[data-lab-form]');
const field = name => form.querySelector(`[data-field="${name}"]`);

/** The form's state as a query, defaults left out and names in order, as the server writes it: a state has one address. */
export function query() {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) { // boxes with one name are one field, its values joined
    state.set(name, [state.get(name), value].filter(Boolean).join(','));
  }
  for (const [name, value] of [...state]) if (value === field(name)?.dataset.default) state.delete(name);
  state.sort();
  return state.toString();
}

/** Sets a field, as if the reader had. */
export function set(name, value) {
  const at = field(name);
  if (!at) return;
  const radio = at.querySelector(`input[type=radio][value="${value}"]`);
  const input = radio ?? at.querySelector(`[name="${name}"]`);
  if (radio) radio.checked = true; else input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Reads a field. */
export const get = name => new FormData(form).get(name);

/** Asks for JSON. What the server refuses is an error with its reason; `again` says that it may answer later.
 * @returns {Promise<any>} */
export async function ask(path) {
  let answer;
  try {
    answer = await fetch(path);
  } catch {
    throw Object.assign(new Error('The server does not answer. What you set is kept; it is shown as soon as the server is back.'), { again: true });
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const again = [429, 502, 503, 504].includes(answer.status);
  const { error } = /** @type {json.Refusal} */ (body);
  throw Object.assign(new Error(error ?? `The server could not show this (${answer.status}).`), { again });
}

/**
 * Keeps the board in step with the form. At each change the newest state is asked for, one request at a time: what is
 * drawn is never older than what was drawn before. `path` answers with {query, figures, parts, errors}; `changed` is
 * called with it, and with whether it is the form's state still: the document then hears of it by the event "drawn", with
 * the state's query. Returns what asks for the board again.
 * @param {string} path
 * @param {(board: any, newest: boolean) => void} [changed]
 */
export function follow(path, changed = () => {}) {
  let busy = false, wanted = null, failures = 0, retry = 0;
  async function refresh() {
    clearTimeout(retry);
    wanted = query();
    if (busy) return;
    busy = true;
    try {
      while (wanted !== null) {
        const asked = wanted;
        wanted = null;
        /** @type {json.Drawn} any lab's, as far as they are alike */
        const board = await ask(`${path}?${asked}`);
        failures = 0;
        if (wanted === null && query() !== asked) wanted = query(); // a field was set without an event
        for (const [id, figure] of Object.entries(board.figures ?? {})) show(id, figure.option, figure.label);
        for (const [name, html] of Object.entries(board.parts ?? {})) replace(name, html);
        showErrors(board.errors ?? {});
        if (wanted === null) note(board.query);
        changed(board, wanted === null);
        if (wanted === null) document.dispatchEvent(new CustomEvent('drawn', { detail: board.query }));
      }
    } catch (error) {
      if (!('again' in error)) throw error;
      const verdict = Object.assign(document.createElement('p'), { className: 'verdict error-text', textContent: error.message });
      replace('verdict', verdict.outerHTML);
      if (error.again) retry = setTimeout(refresh, Math.min(15000, 1000 * 2 ** failures++)); // else the next change asks again
      else if (wanted !== null) retry = setTimeout(refresh); // what was refused is not what is wanted now
    } finally {
      busy = false;
    }
  }

  form.addEventListener('input', event => {
    pair(event.target);
    note(query()); // a reload before the answer is here must not lose the change
    refresh();
  });
  form.addEventListener('submit', event => { event.preventDefault(); refresh(); });
  addEventListener('popstate', () => location.reload());
  return refresh;
}

// ---- the address ----------------------------------------------------------------------------

const pace = 300; // ms between two changes of the address; Safari takes 100 in 30 s
let unwritten = null, written = -pace, writing = 0;

/** Writes a state into the address, at once or, of many in a row, in a moment: before the reader can leave. */
export function note(state) {
  unwritten = state;
  clearTimeout(writing);
  const wait = written + pace - performance.now();
  if (wait > 0) writing = setTimeout(write, wait); else write();
}

function write() {
  clearTimeout(writing);
  if (unwritten === null) return;
  address(unwritten);
  [unwritten, written] = [null, performance.now()];
}
for (const leaving of ['click', 'pointerup', 'blur', 'pagehide']) addEventListener(leaving, write, true); // it may be wanted now

/** Writes a state into the address; of a lab within another page, also into the link to the lab's own page. */
function address(state) {
  const url = new URL(location.href), controls = url.searchParams.get('controls'), whole = document.querySelector('[data-whole-lab]');
  url.search = state;
  if (controls !== null) url.searchParams.set('controls', controls);
  if (whole) whole.search = state;
  if (url.href !== location.href) history.replaceState(null, '', url);
}

/** Keeps a number and its slider together. */
function pair(input) {
  if (input.dataset.slider) form.elements[input.dataset.slider].value = 'log' in input.dataset ? Number((10 ** input.value).toPrecision(2)) : input.value;
  const slider = input.dataset.slider ? input : form.querySelector(`[data-slider="${input.name}"]`);
  if (!slider) return;
  const log = 'log' in slider.dataset;
  if (slider !== input) slider.value = log ? Math.log10(input.value) : input.value;
  if (log) slider.setAttribute('aria-valuetext', form.elements[slider.dataset.slider].value);
}

/**
 * Puts rendered HTML into a part of the board, if the page has it; what the reader had opened or focused stays so, and the
 * part tells of it by the event "part". A part that may be late waits until the handles rest, so that the chart need not.
 */
export function replace(name, html) {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part || shown.get(part) === html) return;
  shown.set(part, html);
  clearTimeout(late.get(part));
  if (part.hasAttribute('data-part-later')) late.set(part, setTimeout(put, 80, part, html));
  else put(part, html);
}

const shown = new WeakMap(); // part -> the HTML it was given last
const late = new WeakMap(); // part -> the timer that will show it

function put(part, html) {
  if (part.hasAttribute('data-part-moves')) morph(part, html); else renew(part, html);
  part.dispatchEvent(new Event('part', { bubbles: true }));
}

function showErrors(errors) {
  for (const at of form.querySelectorAll('[data-error]')) {
    const name = at.dataset.error, message = errors[name];
    at.textContent = message ? `${field(name).querySelector('label, legend').textContent} ${message}` : '';
    field(name).querySelector(`[name="${name}"]`)?.setAttribute('aria-invalid', message ? 'true' : 'false');
  }
}

/** Changes a whole number by one, within its bounds. */
function nudge(name, by) {
  const input = field(name)?.querySelector('input[type=number]');
  if (input) set(name, Math.min(+input.max, Math.max(+input.min, +input.value + by)));
}

const skips = [...(field('skip')?.querySelectorAll('input[type=radio], option') ?? [])].map(o => o.value);
if (skips.length) {
  onKey(skips.length > 2 ? 'the next kind of skip connection' : 'turn the skip connection on or off', {
    s: () => set('skip', skips[(skips.indexOf(get('skip')) + 1) % skips.length]),
  });
}
const layers = ['depth', 'n'].find(name => field(name)?.querySelector('input[type=number]'));
if (layers) {
  onKey(layers === 'n' ? 'one block a stage fewer or more' : 'one layer fewer or more', {
    ArrowLeft: () => nudge(layers, -1), ArrowRight: () => nudge(layers, 1),
  });
}
