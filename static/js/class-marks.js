// Marking: kept as one works, moved by J and K, said again by a click.
import { moment, onKey } from './frame.js';

const form = document.querySelector('[data-mark]');
const note = document.querySelector('[data-mark-error]'), state = document.querySelector('[data-mark-saved]');
let timer, saving = null, dirty = false;

const say = (text, look = '') => { state.textContent = text; state.className = `saved ${look}`; };

/** Keeps the mark; one save at a time, and again if something changed meanwhile. */
async function save() {
  clearTimeout(timer);
  while (saving) await saving;
  if (!dirty) return;
  dirty = false;
  say('Saving…', 'waiting');
  saving = (async () => {
    try {
      const answer = await fetch(form.action, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(new FormData(form)) });
      const body = await answer.json();
      if (answer.ok) {
        form.elements.revision.value = body.revision;
        note.textContent = '';
        say(`Saved ${moment()}`);
        return;
      }
      note.textContent = body.error;
      if (answer.status >= 500) { dirty = true; timer = setTimeout(save, 3000); }
    } catch {
      note.textContent = 'The server does not answer; the mark is sent as soon as it is back.';
      dirty = true;
      timer = setTimeout(save, 3000);
    }
    say('Not saved', 'failed');
  })();
  await saving;
  saving = null;
}

if (form) {
  form.addEventListener('input', () => {
    dirty = true;
    clearTimeout(timer);
    say('…', 'waiting');
    timer = setTimeout(save, 600);
  });
  document.querySelector('.bank')?.addEventListener('click', event => {
    const comment = event.target.closest('[data-bank]')?.dataset.bank;
    if (!comment) return;
    const box = form.elements.comment;
    box.value = box.value.trim() ? `${box.value.trim()}\n${comment}` : comment;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });
  addEventListener('beforeunload', event => { if (dirty) event.preventDefault(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    dirty = true; // a look at the answer is a mark, even an empty one
    await save();
    if (!dirty && !note.textContent) location.assign(form.elements.then.value);
  });
}

const lab = document.querySelector('.mark-run');
const dress = () => { if (lab?.contentDocument?.body) lab.contentDocument.documentElement.style.background = 'var(--sheet)'; };
lab?.addEventListener('load', dress);
dress();

async function go(rel) {
  const to = document.querySelector(`.pager [rel=${rel}]`);
  if (!to) return;
  if (dirty || saving) await save();
  location.assign(to.href);
}
onKey('the answer before, the next answer', { k: () => go('prev'), j: () => go('next') });
