// A lesson: its labs are frames of this site that are sized to what is in them; predictions are committed in place;
// steps set the labs; terms show their definitions.
import { listKeys, onKey } from './frame.js';
import { ask, outcomeOf, replace } from './part.js';

const main = document.querySelector('[data-lesson]');

// ---- formulas ---------------------------------------------------------------------------------

/** A formula that is wider than its column can be scrolled, with the keyboard, too. */
function reach() {
  for (const math of document.querySelectorAll('tex-math[data-display="true"]')) {
    if (math.scrollWidth > math.clientWidth) math.tabIndex = 0; else math.removeAttribute('tabindex');
  }
}
addEventListener('resize', reach);
addEventListener('themechange', reach);

// ---- labs ---------------------------------------------------------------------------------------

let touched = null; // the lab that the reader used last

/** Keeps a frame as high as its page, in the page's theme, and its keys within reach of the presenter. */
function settle(frame) {
  const dress = () => {
    const page = frame.contentDocument, body = page?.body;
    if (!body?.classList.contains('embed')) return;
    frame.dataset.drawn = '';
    const fit = () => { frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + 2}px`; };
    new frame.contentWindow.ResizeObserver(fit).observe(body);
    fit();
    theme(frame);
    for (const event of ['pointerdown', 'keydown']) {
      frame.contentWindow.addEventListener(event, ({ key }) => {
        if (key === 'Tab') return; // on the way to something else
        touched = frame;
        offer();
      }, true); // a lab keeps some keys to itself
    }
    new MutationObserver(offer).observe(page.querySelector('[data-whole-lab]'), { attributeFilter: ['href'] });
    offer();
    frame.contentWindow.addEventListener('keydown', event => { if (presenting && moves[event.key]) { event.preventDefault(); moves[event.key](); } });
  };
  frame.addEventListener('load', dress);
  if (frame.contentDocument?.readyState === 'complete') dress();
}

function theme(frame) {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  root.style.setProperty('--large', getComputedStyle(document.documentElement).getPropertyValue('--large')); // the frame is narrower than the screen
  if (root.dataset.theme === document.documentElement.dataset.theme) return;
  root.dataset.theme = document.documentElement.dataset.theme;
  frame.contentWindow.dispatchEvent(new frame.contentWindow.Event('themechange'));
}

const frames = () => [...document.querySelectorAll('[data-lesson-lab]')]; // none on the list of lessons
addEventListener('themechange', () => frames().forEach(theme));

/** Loads what the reader has not scrolled to, one after the other when nothing else is to be done: whoever prints the page has all of it. */
function loadNext() {
  const next = frames().find(frame => frame.loading === 'lazy' && !('drawn' in frame.dataset));
  if (!next) return;
  next.addEventListener('load', () => idle(loadNext), { once: true });
  next.loading = 'eager';
}
const idle = self.requestIdleCallback ?? setTimeout; // Safari has none
addEventListener('load', () => idle(loadNext));

/** The lab's own page in the state that a frame is in. */
const wholeLab = frame => {
  const link = frame?.contentDocument?.querySelector('[data-whole-lab]');
  return link ? link.pathname + link.search : '';
};

/** Puts a lab into a state, unless it is in it. */
function put(id, address) {
  const frame = main.querySelector(`[data-lesson-lab="${id}"]`);
  if (!frame) return;
  const to = new URL(address, location.href);
  if (frame.contentWindow?.location.href !== to.href) frame.contentWindow.location.replace(to);
  touched = frame;
  return frame;
}

/** Offers a run to go with an answer: the lab that the reader had in hand last, as it is now. What was typed there stays. */
function offer() {
  for (const box of document.querySelectorAll('.attach details[open] [name=run]:not([data-typed])')) box.value = wholeLab(touched ?? frames()[0]);
}
document.addEventListener('toggle', offer, true);

// ---- predictions ----------------------------------------------------------------------------------

const predictionAt = id => `/lessons/${main.dataset.lesson}/predictions/${id}`;

async function commit(section, pass) {
  const id = section.dataset.predict, buttons = section.querySelectorAll('button'), problem = section.querySelector('.error');
  const guess = section.querySelector('input:is(:checked, :not([type=radio]))')?.value ?? '';
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await ask(predictionAt(id), new URLSearchParams(pass ? { pass } : { guess }));
    /** @type {json.redrawn & json.Refusal} */
    const said = await answer.json();
    if (answer.ok) replace(said.parts).forEach(ready);
    else problem.textContent = said.error;
    (document.querySelector(`#predict-${id} :is([data-outcome], [data-pending])`) ?? document.querySelector(`#predict-${id} input:not(:disabled)`))?.focus({ preventScroll: true });
  } catch {
    problem.textContent = 'The server does not answer. Your guess is still here; try again in a moment.';
  }
  for (const button of buttons) button.disabled = false;
}

/** Looks again for a truth that is being computed, until there is one, or the lesson asks for it no more. */
function watch(section) {
  setTimeout(async () => {
    try {
      const answer = await ask(`${predictionAt(section.dataset.predict)}/outcome`);
      /** @type {json.redrawn & json.Refusal} */
      const now = await answer.json();
      if (answer.ok) {
        const here = section.contains(document.activeElement);
        const parts = replace(now.parts);
        parts.forEach(ready);
        if (here) for (const part of parts) part.querySelector(':is([data-outcome], [data-pending])')?.focus({ preventScroll: true });
        return;
      }
      if (outcomeOf(answer) === 'refused') return section.querySelector('[data-pending]').append(` ${now.error}`);
    } catch { /* the server may be back in a moment */ }
    watch(section);
  }, 1500);
}

/** Brings a part of the page to life, when it comes with the page and when it comes later. */
function ready(root) {
  reach();
  for (const frame of root.querySelectorAll('[data-lesson-lab]')) settle(frame);
  if (document.readyState === 'complete') idle(loadNext);
  for (const pending of root.querySelectorAll('[data-pending]')) watch(pending.closest('[data-predict]'));
}

document.addEventListener('submit', event => {
  const section = event.submitter?.closest('[data-predict]');
  if (!section) return;
  event.preventDefault();
  commit(section, event.submitter.name === 'pass' ? event.submitter.value : '');
});

// ---- presenting -----------------------------------------------------------------------------------

const bar = document.querySelector('[data-presenting]');
const steps = [...document.querySelectorAll('[data-step]')];
let presenting = false, at = -1;

function go(to) {
  at = Math.max(0, Math.min(steps.length - 1, to));
  const step = steps[at];
  for (const other of steps) other.toggleAttribute('aria-current', other === step);
  const set = Object.entries(JSON.parse(step.dataset.sets)).map(([id, address]) => put(id, address)).filter(Boolean);
  set[0]?.closest('.lab-place').scrollIntoView({ block: 'center' });
  if (bar) bar.querySelector('[data-step-title]').textContent = `${at + 1} of ${steps.length}: ${step.textContent.trim()}`;
}

function present(on) {
  presenting = on;
  bar.hidden = !on;
  if (on) {
    go(Math.max(0, at));
    bar.querySelector('[data-step-on]').focus({ preventScroll: true });
  } else (steps[at] ?? document.querySelector('[data-present]')).focus();
}

const moves = { PageUp: () => go(at - 1), PageDown: () => go(at + 1), Escape: () => present(false) };

if (bar) {
  document.querySelector('[data-present]').addEventListener('click', () => present(true));
  bar.querySelector('[data-step-on]').addEventListener('click', moves.PageDown);
  bar.querySelector('[data-step-back]').addEventListener('click', moves.PageUp);
  bar.querySelector('[data-present-end]').addEventListener('click', moves.Escape);
  addEventListener('keydown', event => {
    if (!presenting || !moves[event.key] || event.target.matches?.('textarea, input') || document.querySelector('dialog:modal')) return;
    event.preventDefault();
    moves[event.key]();
  });
  onKey('present this lesson, or end it', { d: () => present(!presenting) });
  listKeys('while presenting: the step before, the next', 'PageUp', 'PageDown');
  listKeys('end of presenting', 'Escape');
}

for (const step of steps) {
  step.addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const waits = Object.keys(JSON.parse(step.dataset.sets)).every(id => !main.querySelector(`[data-lesson-lab="${id}"]`));
    if (waits) return; // the lab is not on the page yet: the link leads to its own
    event.preventDefault();
    bar.hidden = false; // the way on stays in sight, with the lab, which may stand far from the step
    go(steps.indexOf(step));
    bar.querySelector('[data-step-on]').focus({ preventScroll: true });
  });
}

// ---- terms ----------------------------------------------------------------------------------------

const box = document.createElement('div');
Object.assign(box, { className: 'term-box', id: 'term-box', hidden: true });
box.setAttribute('role', 'tooltip');
(main ?? document.querySelector('main') ?? document.body).append(box);
let shown = null, leaving;

function define(link) {
  const definition = document.getElementById(`term-${link.dataset.term}`);
  if (!definition) return;
  clearTimeout(leaving);
  shown = link;
  box.replaceChildren(...definition.cloneNode(true).childNodes);
  box.hidden = false;
  link.setAttribute('aria-describedby', box.id);
  const word = link.getClientRects()[0];
  box.style.left = `${Math.max(8, Math.min(word.left, innerWidth - box.offsetWidth - 16)) + scrollX}px`;
  box.style.top = `${word.bottom + 6 + scrollY}px`;
}

function forget() {
  shown?.removeAttribute('aria-describedby');
  shown = null;
  box.hidden = true;
}

const leave = () => { clearTimeout(leaving); leaving = setTimeout(forget, 250); };
for (const link of document.querySelectorAll('[data-term]')) {
  link.addEventListener('pointerenter', () => define(link));
  link.addEventListener('focus', () => define(link));
  link.addEventListener('pointerleave', leave);
  link.addEventListener('blur', leave);
}
box.addEventListener('pointerenter', () => clearTimeout(leaving));
box.addEventListener('pointerleave', leave);
addEventListener('keydown', event => { if (event.key === 'Escape' && shown) forget(); });

// ---- progress -------------------------------------------------------------------------------------

// A lesson counts as read when its last words have been in sight for a moment, and the server has noted it.
const reading = document.querySelector('[data-read]');
const last = document.querySelector('[data-takeaway]');
if (reading?.querySelector('button') && last) {
  let timer;
  const sight = new IntersectionObserver(seen => { // several at once where the page was busy: the newest is last
    clearTimeout(timer);
    if (seen.at(-1).isIntersecting) timer = setTimeout(note, 1500);
  });
  const look = () => { if (reading.querySelector('button')) sight.observe(last); };
  const note = async () => {
    sight.disconnect();
    const answer = await fetch(reading.querySelector('button').formAction, { method: 'POST', redirect: 'manual', keepalive: true, signal: AbortSignal.timeout(10_000) }).catch(() => null);
    if (answer?.type === 'opaqueredirect') reading.innerHTML = '<p class="state read" role="status">You have read this lesson.</p>';
    else if (!answer || outcomeOf(answer) === 'again') look();
  };
  look();
  addEventListener('pageshow', look); // back from another page, on the way to which a request may have been lost
}

ready(document.body);
