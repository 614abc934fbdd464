// The frame of every page: themes without a reload, the list of keys, copying the link.
import './reader.js';

const root = document.documentElement;

/** Sets a theme, "" to follow the system, and keeps it. */
function setTheme(theme) {
  const form = document.querySelector('[data-theme-form]');
  const body = new URLSearchParams({ theme: theme || root.dataset.theme, back: '/' });
  fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true }); // the page may be left at once
  paint(theme);
  for (const button of form.querySelectorAll('[name=theme]')) button.setAttribute('aria-pressed', String(button.value === theme));
}

function paint(theme) {
  root.dataset.theme = theme;
  dispatchEvent(new Event('themechange'));
}

// Paper is white: a page is printed in the light theme, its figures drawn anew in it.
let onScreen = '';
addEventListener('beforeprint', () => { onScreen = root.dataset.theme; paint('light'); });
addEventListener('afterprint', () => paint(onScreen));

const toggleTheme = theme => setTheme(root.dataset.theme === theme ? '' : theme);

for (const button of document.querySelectorAll('[data-theme-form] [formaction]')) ['form', 'formaction'].forEach(name => button.removeAttribute(name)); // nothing is left behind where the page stays
document.querySelector('[data-theme-form]')?.addEventListener('submit', event => {
  event.preventDefault();
  toggleTheme(event.submitter.value);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('themechange')));

/** A moment by the reader's clock, of 24 hours whatever the browser's language is: the page is in English. */
export function moment(at = new Date()) {
  const time = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  if (at.toDateString() === new Date().toDateString()) return `at ${time}`;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}, ${time}`;
}

/** What a form would send, as a query or a body. Pictures are not among it. */
export const fieldsOf = (form, submitter) => new URLSearchParams(/** @type {any} */ (new FormData(form, submitter)));

customElements.define('local-time', class extends HTMLElement {
  connectedCallback() {
    const words = moment(new Date(this.getAttribute('datetime')));
    this.textContent = this.hasAttribute('since') ? words.replace(/^at /, '') : words;
  }
});

// ---- keys -----------------------------------------------------------------------------------------

const keys = document.querySelector('[data-keys]');
const known = []; // what the keys of this page do: { does, names }, those of every page last

/** Names keys in the list that "?" opens, for whatever acts on them itself. */
export function listKeys(does, ...names) {
  known.push({ does, names });
}

// Whoever speaks to a computer, or hits keys unmeant, sets something off with every letter: keys of one character can be turned off.
const place = 'single-keys';
let single = true;
function readSingle() {
  try { single = localStorage.getItem(place) !== 'off'; } catch { /* forbidden: it holds until the page is left */ }
  const box = /** @type {HTMLInputElement} */ (keys?.querySelector('[data-single-keys]'));
  if (box) box.checked = single;
}
readSingle();
addEventListener('storage', readSingle);
keys?.querySelector('[data-single-keys]').addEventListener('change', ({ target }) => {
  single = target.checked;
  try { if (single) localStorage.removeItem(place); else localStorage.setItem(place, 'off'); } catch { /* forbidden */ }
});

/** The action that a key has among those named by keys; none where it is turned off. */
export function actionOf(event, actions) {
  if (event.key.length > 1) return actions[event.key];
  return single ? actions[event.key.toLowerCase()] : undefined;
}

/** Binds keys: what they do, in words for the list, and the action of each. It is not called while the reader types, nor where the key belongs to a control. */
export function onKey(does, actions) {
  listKeys(does, ...Object.keys(actions));
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog:modal')) return; // a list of keys has its own
    const on = event.target;
    if (on.matches?.('textarea, select, input[type=number], input[type=text]')) return;
    // A list that was just closed has the focus for another moment; its button does nothing any more.
    const own = on.closest?.('dialog:not([open])') ? [] : on.matches?.('button, summary, a, input') ? [' ', 'ArrowLeft', 'ArrowRight'] : on.matches?.('.scroll') ? ['ArrowLeft', 'ArrowRight'] : [];
    const action = actionOf(event, actions);
    if (!action || own.includes(event.key)) return;
    event.preventDefault();
    action(event);
  });
}

const spelled = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', PageUp: 'Page Up', PageDown: 'Page Down', Escape: 'Esc' };

/** Opens the list of what the keys of this page do. */
function showKeys() {
  keys.querySelector('dl').replaceChildren(...[...known.slice(ofEveryPage), ...known.slice(0, ofEveryPage)].map(({ does, names }) => {
    const row = document.createElement('div'), term = document.createElement('dt'), meaning = document.createElement('dd');
    for (const name of names) term.append(Object.assign(document.createElement('kbd'), { textContent: spelled[name] ?? name.toUpperCase() }), ' ');
    meaning.textContent = does;
    row.append(term, meaning);
    return row;
  }));
  keys.showModal();
  keys.querySelector('button').focus(); // a space there closes the list, and turns nothing off
}

if (keys) { // a lab in another page has none of these
  onKey('projector theme on or off', { p: () => toggleTheme('projector') });
  onKey('this list', { '?': showKeys });
  document.querySelector('[data-keys-open]').addEventListener('click', showKeys);
}
const ofEveryPage = known.length;

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy-link]');
  if (!button) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Copy it from the address bar';
  }
  setTimeout(() => { button.textContent = label; }, 2000);
});

document.querySelector('[data-print]')?.addEventListener('click', () => print());

// A lab's address is its state: it goes along to the answer that argues from it.
document.addEventListener('click', event => {
  if (event.target.closest('[data-attach]')) location.href = `/answers/attach?run=${encodeURIComponent(location.pathname + location.search)}`;
});
