// Answers: kept while one types, and never lost. A save that fails is tried again; what another tab saved meanwhile is
// shown beside the box, not overwritten in silence.
import { autosave } from './autosave.js';
import { moment } from './frame.js';
import { era, here } from './reader.js';
import { ask, outcomeOf, replace, showOther } from './part.js';
import './typed.js';

const away = 'The server does not answer. Your text is still here; try again in a moment.';

const form = document.querySelector('#typed, form[data-answer]'); // a page has one, which its parts share
const parts = [...document.querySelectorAll('[data-answer]')];

/** What a part sends: itself alone, since the others have saved themselves. */
const fieldsOf = part => [...part.querySelectorAll('textarea, input')].map(({ name, value }) => [name, value]);

/** What goes with every part of a page: the lesson that it stands in. */
const lesson = form.elements.lesson ? [['lesson', form.elements.lesson.value]] : [];

let handing = null; // the part whose button was pressed
form.addEventListener('submit', event => {
  handing = event.submitter?.closest('[data-answer]');
  if (event.submitter?.matches('[data-keep]')) event.preventDefault(); // all is kept
});
form.addEventListener('formdata', ({ formData }) => {
  for (const name of new Set(formData.keys())) formData.delete(name);
  for (const [name, value] of [...lesson, ...handing ? fieldsOf(handing) : []]) formData.append(name, value);
});

// Enter in a field presses the button that stands beside it, not the first one of the form.
document.addEventListener('keydown', event => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (event.key !== 'Enter' || event.isComposing || !field.matches('input') || field.form !== form) return;
  event.preventDefault();
  field.closest('[data-predict], .attach')?.querySelector('button').click();
});

for (const part of parts) keep(part);

function keep(part) {
  const box = part.querySelector('textarea'), revision = part.querySelector('[name=revision]');
  const submit = part.querySelector('[name=submit]'), hints = part.querySelector('[data-hints-ask]');
  const home = submit.hasAttribute('formaction') ? submit.formAction : form.action;
  const note = part.querySelector('[data-answer-error]'), state = part.querySelector('[data-answer-saved]'), count = part.querySelector('[data-answer-count]');
  const most = +box.dataset.most;
  let kept = note.textContent ? null : box.defaultValue, since = era(), sent = false; // what was refused is kept nowhere yet

  const say = (text, look = '') => { state.textContent = text; state.className = `saved ${look}`; };
  const length = () => [...box.value].length;
  const dirty = () => { forgotten(); return box.value !== kept; };
  const saver = autosave({ dirty, send, pause: 700 });

  /** What stands in the box when everything is deleted elsewhere is not kept anew, unless its writer goes on. */
  function forgotten() {
    if (era() === since) return;
    since = era();
    kept = box.value;
    if (kept) say('Everything of yours was deleted: this text, too, unless you go on typing');
  }
  addEventListener('storage', forgotten);
  addEventListener('pageshow', forgotten);

  function tally() {
    const n = length();
    count.textContent = n > most * .8 ? `${n.toLocaleString('en')} of ${most.toLocaleString('en')} characters` : '';
  }

  async function send() {
    const text = box.value;
    if (!here()) {
      note.textContent = 'You have signed out, or somebody else has signed in. Your text is still here: copy it, or sign in again in another tab before you go on.';
      say('Not saved', 'failed');
      return 'refused';
    }
    say('Saving…', 'waiting');
    try {
      const answer = await fetch(`${home}/draft`, { method: 'POST', keepalive: text.length < 15000, body: new URLSearchParams({ part: part.querySelector('[name=part]').value, revision: revision.value, text }) });
      /** @type {json.Saved & json.Refusal} */
      const body = await answer.json();
      return heard(answer, body, text);
    } catch {
      note.textContent = 'The server does not answer. Your text is still here, and will be saved as soon as it is back.';
      say('Not saved yet', 'failed');
      return 'again';
    }
  }

  /** Takes in what the server says of a text. */
  function heard(answer, body, text) {
    if (answer.ok) {
      revision.value = body.revision;
      kept = text;
      note.textContent = '';
      say(`Saved ${moment()}`);
      return 'saved';
    }
    note.textContent = body.error;
    say('Not saved', 'failed');
    if (body.current) { // from now on this tab's writing replaces the other text, since its writer has seen it
      revision.value = body.current.revision;
      showOther(note, 'The other text, saved from another tab', body.current.text);
    }
    return outcomeOf(answer);
  }

  box.addEventListener('input', () => {
    since = era();
    sent = false;
    tally();
    saver.stop();
    if (length() > most) {
      note.textContent = `An answer may have up to ${most.toLocaleString('en')} characters; this one has ${length().toLocaleString('en')}.`;
      say('Not saved', 'failed');
      return;
    }
    note.textContent = '';
    say('…', 'waiting');
    saver.soon();
  });
  box.addEventListener('blur', () => { if (dirty() && length() <= most) saver.save(); });
  form.addEventListener('submit', async event => {
    if (!part.contains(event.submitter)) return;
    saver.stop();
    const others = parts.filter(other => other !== part && other.dirty());
    if (!saver.saving() && !others.length || sent) {
      sent = true;
      return;
    }
    event.preventDefault(); // a save is on its way: its revision belongs to the form, and other parts are not left unsaved
    const [outcome] = await Promise.all([saver.saving() ?? 'saved', ...others.map(other => other.saved())]);
    if (outcome !== 'saved') return; // its writer is told why, and must see what another tab saved before it is replaced
    sent = true;
    form.requestSubmit(event.submitter ?? submit);
  });
  hints?.addEventListener('click', async event => {
    event.preventDefault();
    try {
      if (await saver.saving() === 'refused' || await saver.save() === 'refused') return;
      const text = box.value, base = revision.value, answer = await ask(hints.formAction, new URLSearchParams([...lesson, ...fieldsOf(part)]));
      /** @type {json.hinted & json.Refusal} */
      const body = await answer.json();
      if (revision.value === base) heard(answer, body, text); // else more was typed, and saved, meanwhile: this is older news
      if (answer.ok) replace(body.parts)[0].querySelector('[data-hints]').focus();
      else part.parentElement.querySelector('[data-hints]')?.remove();
    } catch {
      note.textContent = away;
    }
  });
  addEventListener('beforeunload', event => { if (dirty() && !sent) event.preventDefault(); });
  Object.assign(part, { saved: saver.save, dirty });
  addEventListener('beforeprint', () => { part.querySelector('[data-own]').textContent = box.value; });
  tally();
}

// ---- runs ------------------------------------------------------------------------------------

document.addEventListener('submit', async event => {
  const place = event.submitter?.closest('.attach');
  if (!place?.closest('[data-part]')) return; // in homework it goes with the answer's own form
  event.preventDefault();
  const problem = place.querySelector('[data-attach-error]');
  try {
    const answer = await ask(place.querySelector('button').formAction, new URLSearchParams({ part: place.closest('[data-part]').dataset.part, run: place.querySelector('[name=run]').value }));
    /** @type {json.redrawn & json.Refusal} */
    const body = await answer.json();
    if (answer.ok) replace(body.parts)[0].querySelector('.run, summary').focus({ preventScroll: true });
    else problem.textContent = body.error;
  } catch {
    problem.textContent = away;
  }
});

// ---- ticks -----------------------------------------------------------------------------------

// The reader's own ticks are kept as they are set.
for (const list of document.querySelectorAll('[data-ticks]')) {
  list.addEventListener('change', () => {
    const body = new URLSearchParams([...list.querySelectorAll(':checked')].map(({ value }) => ['concept', value]));
    fetch(list.dataset.ticks, { method: 'POST', redirect: 'manual', keepalive: true, body });
  });
}
