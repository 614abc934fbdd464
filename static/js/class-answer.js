// What a student hands in: sent until the server has acknowledged it, and not before then forgotten. Where the teacher ends the
// handing in while something is being typed, it is sent by itself; what comes too late is given back to its writer.
import { moment } from './frame.js';
import { outcomeOf, showOther } from './part.js';
import { draftsOf, forget, forgetText, list } from './class-drafts.js';
import { here } from './reader.js';

const forms = '[data-class-answer], [data-guess], [data-explore]';
const bare = text => String(text ?? '').normalize('NFC').replaceAll('\r\n', '\n').trim();
const equal = (a, b) => ['text', 'run', 'guess', 'confidence'].every(name => bare(a[name]) === bare(b[name]));

/** What takes the fields of a form; an exploration takes a run alone. */
const takes = fields => 'guess' in fields ? 'guess' : 'text' in fields ? 'answer' : 'submit';
/** What is handed in: without it, there is nothing to send. */
const handed = fields => fields[{ guess: 'guess', answer: 'text', submit: 'run' }[takes(fields)]];

/** Where what stands in a form belongs: its stop, and of a prediction the vote. */
const placeOf = form => [form.elements.stop.value, form.elements.round?.value].filter(Boolean).join('.');
const stopOf = place => place.split('.')[0];

/** What stands in a form, but for what the form says of itself. */
function written(form) {
  const { stop, revision, ...fields } = Object.fromEntries(new FormData(form));
  return fields;
}

/** What the server put into it. */
function stored(form) {
  const fields = {};
  for (const input of form.elements) {
    if (!input.name || ['stop', 'round', 'revision', 'submit'].includes(input.name)) continue;
    if (input.type !== 'radio') fields[input.name] = input.defaultValue;
    else if (input.defaultChecked) fields[input.name] = input.value;
  }
  return fields;
}

export function keepAnswers(main, { base, refresh, lab }) {
  const drafts = draftsOf(base);
  const sending = new Set(); // places whose text is on its way
  const acknowledged = new Map(); // place -> what the server took last, and as which revision
  const outdated = new WeakSet(); // forms that were rendered before that
  /** Whether the server has what stands in a form. It may render a number in another way than it was sent: −3 for -3, 0.5 for .50. */
  const known = form => {
    const fields = written(form), took = acknowledged.get(placeOf(form));
    return !outdated.has(form) && equal(fields, stored(form)) || !!took && took.revision === form.elements.revision?.value && equal(fields, took.fields);
  };
  const current = stop => [...main.querySelectorAll(forms)].find(f => placeOf(f) === stop);

  function say(form, text, look = '') {
    const at = form?.querySelector('[data-answer-saved]');
    if (at) { at.textContent = text; at.className = `saved ${look}`; }
  }
  const fault = (form, text) => { const at = form?.querySelector('[data-answer-error], [data-guess-error]'); if (at) at.textContent = text; };

  /** Keeps what stands in a form, where the server does not have it. */
  function keep(form, pending) {
    const fields = written(form), chosen = form.querySelector('[name=guess][type=radio]:checked');
    if (!pending && known(form)) drafts.forget(placeOf(form));
    else drafts.keep(placeOf(form), {
      fields, pending, clash: form.dataset.clash, revision: form.elements.revision?.value, heading: main.querySelector('.stage h1')?.textContent,
      says: chosen?.closest('label').textContent.trim(),
    });
  }

  /** Keeps what stands on the stage before the stage is replaced. What is being sent is kept already, unless another tab took it. */
  function hold() {
    for (const form of main.querySelectorAll(forms)) {
      const place = placeOf(form);
      if (!sending.has(place) || !equal(drafts.read(place)?.fields ?? {}, written(form))) keep(form, false);
    }
  }

  /** Puts what was typed back into the forms of the stage, which may be new; sends by itself what has no form any more. */
  function mount() {
    const form = main.querySelector(forms), stop = form && placeOf(form);
    if (form && !form.dataset.mounted) {
      form.dataset.mounted = '';
      fill(form, stop);
    }
    for (const { stop: of, mine, draft } of drafts.all()) {
      if (!mine || of === stop || draft.refused) continue;
      if (draft.clash) { // what another tab handed in is replaced by hand alone
        drafts.keep(of, { ...draft, pending: false, refused: draft.clash });
      } else if (bare(handed(draft.fields))) {
        if (!draft.pending) drafts.keep(of, { ...draft, pending: true });
        send(of);
      } else if (bare(draft.fields.run)) {
        drafts.keep(of, { ...draft, refused: 'There was no answer with it.' });
      } else {
        drafts.forget(of);
      }
    }
    show();
  }

  function fill(form, stop) {
    const has = stored(form), revision = form.elements.revision?.value;
    let draft = drafts.read(stop);
    if (!draft) { // a tab that is gone may have left one
      const left = drafts.all().find(d => d.stop === stop && !equal(d.draft.fields, has) && String(d.draft.revision) === String(revision));
      if (!left) return;
      draft = left.draft;
      drafts.keep(stop, draft);
      forget(left.key);
    }
    if (equal(draft.fields, has)) { drafts.forget(stop); return; } // this is what the server has
    for (const [name, value] of Object.entries(draft.fields)) if (form.elements[name]) form.elements[name].value = value;
    if (form.elements.revision) form.elements.revision.value = draft.revision;
    if (draft.refused) drafts.keep(stop, { ...draft, refused: undefined });
    if (draft.clash) {
      form.dataset.clash = draft.clash;
      fault(form, draft.clash);
    }
    say(form, draft.pending ? 'Being sent…' : 'Not handed in yet', 'waiting');
    if (draft.pending) send(stop);
  }

  /** Lists what has no form: what was refused, and what other tabs of this browser have left. */
  function show() {
    const form = main.querySelector(forms), open = form && placeOf(form);
    list(main.querySelector('[data-kept-texts]'), drafts.all().filter(({ stop, mine, draft }) =>
      mine ? stop !== open && draft.refused : stop !== open || !equal(draft.fields, written(form))), one => listed(one, form, open));
  }

  /** What can be done with a text that is listed. */
  function listed(one, form, open) {
    const { key, stop, draft } = one;
    return {
      ...stop === open && draft.fields.text !== undefined ? { 'Put it into the box': () => {
        const box = form.elements.text;
        box.value = [box.value.trimEnd(), draft.fields.text].filter(Boolean).join('\n\n');
        forgetText(one);
        box.dispatchEvent(new Event('input', { bubbles: true }));
        box.focus();
        show();
      } } : {},
      ...'guess' in draft.fields && open && stop !== open && stopOf(stop) === stopOf(open) ? { 'Take it for this vote': () => {
        const { round, ...rest } = draft.fields;
        for (const [name, value] of Object.entries(rest)) if (form.elements[name]) form.elements[name].value = value;
        forgetText(one);
        form.dispatchEvent(new Event('input', { bubbles: true }));
        show();
      } } : stop !== open ? { 'Hand it in': () => {
        const before = drafts.read(stop);
        if (before && !equal(before.fields, draft.fields)) return; // two texts; this one can be copied
        forget(key);
        drafts.keep(stop, { ...draft, pending: true, refused: undefined, clash: undefined });
        send(stop);
      } } : {},
    };
  }

  /** Sends what is kept, again and again until there is an answer. */
  async function send(stop) {
    if (sending.has(stop)) return;
    sending.add(stop);
    for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
      const draft = drafts.read(stop);
      if (!draft?.pending || !here()) break; // another's page now: this one's text stays for when they come back
      const to = takes(draft.fields);
      try {
        const answer = await fetch(`${base}/${to}`, {
          method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ ...draft.fields, stop: stopOf(stop), ...to === 'answer' ? { revision: draft.revision } : {} }),
        });
        /** @type {json.Saved & json.Refusal} */
        const body = await answer.json();
        const form = current(stop), now = drafts.read(stop);
        if (answer.ok) {
          if (form && to === 'submit') { if (equal(written(form), draft.fields)) form.elements.run.value = ''; } // for the next run
          else {
            acknowledged.set(stop, { fields: draft.fields, revision: body.revision?.toString() });
            if (form) outdated.add(form);
          }
          if (form?.elements.revision) form.elements.revision.value = body.revision;
          for (const { key, stop: of, draft: kept } of drafts.all()) if (of === stop && equal(kept.fields, draft.fields)) forget(key);
          const newer = now && !equal(now.fields, draft.fields);
          if (newer) drafts.keep(stop, { ...now, revision: body.revision });
          fault(form, '');
          say(form, newer ? 'Not handed in yet' : `${to === 'submit' ? 'Submitted' : 'Handed in'} ${moment()}`, newer ? 'waiting' : '');
          refresh();
          if (newer && now.pending) continue;
          break;
        }
        if (outcomeOf(answer) === 'refused') {
          const revision = body.current ? String(body.current.revision) : draft.revision;
          if (form) {
            drafts.keep(stop, { ...now ?? draft, pending: false, revision, clash: body.current && body.error });
            if (body.current) {
              form.elements.revision.value = revision;
              form.dataset.clash = body.error;
              showOther(form.querySelector('[data-answer-error]'), 'The other text, handed in from another tab', body.current.text);
            }
            fault(form, body.error);
            say(form, 'Not handed in', 'failed');
          } else {
            drafts.keep(stop, { ...now ?? draft, pending: false, revision, refused: body.error, clash: body.current && body.error });
          }
          if (answer.status === 409 && !body.current) refresh();
          break;
        }
        fault(form, body.error);
      } catch {
        fault(current(stop), 'The server does not answer. What you typed is kept in this browser, and is sent as soon as the server is back.');
      }
      say(current(stop), 'Waiting to be sent', 'waiting');
      await new Promise(done => setTimeout(done, wait + Math.random() * 1000));
    }
    sending.delete(stop);
    mount(); // what was typed meanwhile may have lost its form
  }

  main.addEventListener('input', event => {
    const form = event.target.closest(forms);
    if (!form) return;
    keep(form, false);
    if (drafts.read(placeOf(form))) say(form, 'Not handed in yet', 'waiting'); else say(form, '');
  });

  main.addEventListener('click', event => {
    const form = event.target.closest('[data-take-run]')?.closest('form'), path = lab();
    if (!form) return;
    if (!path) { fault(form, 'There is no lab on this page to attach.'); return; }
    form.elements.run.value = path;
    form.elements.run.dispatchEvent(new Event('input', { bubbles: true }));
  });

  main.addEventListener('click', event => {
    const form = event.target.closest('[data-submit-lab]')?.closest('form'), path = form && lab();
    if (!form) return;
    if (!path) { fault(form, 'The lab is not loaded yet: wait a moment, and try again.'); return; }
    form.elements.run.value = path;
    form.requestSubmit();
  });

  main.addEventListener('submit', event => {
    const form = event.target.closest(forms);
    if (!form) return;
    event.preventDefault();
    delete form.dataset.clash; // by hand it may
    keep(form, true);
    say(form, 'Being sent…', 'waiting');
    send(placeOf(form));
  });

  addEventListener('storage', event => {
    hold(); // a tab that opens takes over what it finds, and may have read it before this one's last word
    show();
    if (event.oldValue && !event.newValue) refresh(); // another tab has handed something in
  });
  addEventListener('pagehide', hold); // another tab may have taken over what this one kept
  return { mount, hold };
}
