// Answers: kept while one types, and never lost. A save that fails is tried again; what another tab saved meanwhile is
// shown beside the box, not overwritten in silence.
import { autosave } from './autosave.js';
import { era, here } from './reader.js';
import { fieldsOf, moment } from './frame.js';
import { ask, outcomeOf, replace, showOther } from './part.js';
import './typed.js';

const away = 'The server does not answer. Your text is still here; try again in a moment.';

const forms = [...document.querySelectorAll('[data-answer]')];
for (const form of forms) keep(form);

function keep(form) {
  const box = form.elements.text, revision = form.elements.revision, submit = form.querySelector('[name=submit]'), hints = form.querySelector('[data-hints-ask]');
  const note = form.querySelector('[data-answer-error]'), state = form.querySelector('[data-answer-saved]'), count = form.querySelector('[data-answer-count]');
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
      const answer = await fetch(`${form.action}/draft`, { method: 'POST', keepalive: text.length < 15000, body: new URLSearchParams({ part: form.elements.part.value, revision: revision.value, text }) });
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
    saver.stop();
    const others = forms.filter(other => other !== form && other.dirty());
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
      const text = box.value, base = revision.value, answer = await ask(hints.formAction, fieldsOf(form));
      /** @type {json.hinted & json.Refusal} */
      const body = await answer.json();
      if (revision.value === base) heard(answer, body, text); // else more was typed, and saved, meanwhile: this is older news
      if (answer.ok) replace(body.parts)[0].querySelector('[data-hints]').focus();
      else form.parentElement.querySelector('[data-hints]')?.remove();
    } catch {
      note.textContent = away;
    }
  });
  addEventListener('beforeunload', event => { if (dirty() && !sent) event.preventDefault(); });
  Object.assign(form, { saved: saver.save, dirty });
  addEventListener('beforeprint', () => { form.querySelector('[data-own]').textContent = box.value; });
  tally();
}

// ---- runs ------------------------------------------------------------------------------------

document.addEventListener('submit', async event => {
  const form = event.target.closest('.attach');
  if (!form) return;
  event.preventDefault();
  const problem = form.querySelector('[data-attach-error]');
  try {
    const answer = await ask(form.action, fieldsOf(form));
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
