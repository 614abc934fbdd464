// Marking: kept as one works, moved by J and K, said again by a click.
import { autosave } from './autosave.js';
import { fieldsOf, moment, onKey } from './frame.js';
import { ask, outcomeOf } from './part.js';

const form = document.querySelector('[data-mark]');
const note = document.querySelector('[data-mark-error]'), state = document.querySelector('[data-mark-saved]');
let edits = 0, kept = 0; // how often something changed, and how many of those changes are saved

const say = (text, look = '') => { state.textContent = text; state.className = `saved ${look}`; };
const dirty = () => edits > kept;
const saver = autosave({ dirty, send, pause: 600 });

async function send() {
  const these = edits;
  say('Saving…', 'waiting');
  try {
    const answer = await ask(form.action, fieldsOf(form));
    /** @type {json.Saved & json.Refusal} */
    const body = await answer.json();
    if (answer.ok) {
      form.elements.revision.value = body.revision;
      kept = these;
      note.textContent = '';
      say(`Saved ${moment()}`);
      return 'saved';
    }
    note.textContent = body.error;
    say('Not saved', 'failed');
    return outcomeOf(answer);
  } catch {
    note.textContent = 'The server does not answer; the mark is sent as soon as it is back.';
    say('Not saved', 'failed');
    return 'again';
  }
}

if (form) {
  form.addEventListener('input', () => {
    edits++;
    say('…', 'waiting');
    saver.soon();
  });
  document.querySelector('.bank')?.addEventListener('click', event => {
    const comment = event.target.closest('[data-bank]')?.dataset.bank;
    if (!comment) return;
    const box = form.elements.comment;
    box.value = box.value.trim() ? `${box.value.trim()}\n${comment}` : comment;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });
  addEventListener('beforeunload', event => { if (dirty()) event.preventDefault(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    edits++; // a look at the answer is a mark, even an empty one
    await saver.save();
    if (!dirty() && !note.textContent) location.assign(form.elements.then.value);
  });
}

const lab = document.querySelector('.mark-run');
const dress = () => { if (lab?.contentDocument?.body) lab.contentDocument.documentElement.style.background = 'var(--sheet)'; };
lab?.addEventListener('load', dress);
dress();

async function go(rel) {
  const to = document.querySelector(`.pager [rel=${rel}]`);
  if (!to) return;
  await saver.save();
  location.assign(to.href);
}
onKey('the answer before, the next answer', { k: () => go('prev'), j: () => go('next') });
