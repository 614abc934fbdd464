// What a student hands in: sent until the server has acknowledged it. What is typed is kept in the browser, so that a lost
// connection, a reload or a closed lid lose nothing.
import { moment } from './frame.js';

export function keepAnswers(main, { base, refresh, lab }) {
  const json = { Accept: 'application/json' };
  const place = stop => `class-answer:${base}:${stop}`;
  const read = stop => { try { return JSON.parse(localStorage.getItem(place(stop))); } catch { return null; } };
  const keep = (stop, draft) => { try { localStorage.setItem(place(stop), JSON.stringify(draft)); } catch { /* full or forbidden: the box still holds it */ } };
  const forget = stop => { try { localStorage.removeItem(place(stop)); } catch { /* see above */ } };
  const sending = new Set(); // places whose text is on its way

  /** Finds the boxes of the stage, which may be new, and puts what was typed back into them. */
  function mount() {
    const form = main.querySelector('[data-class-answer]:not([data-mounted])');
    if (!form) return;
    form.dataset.mounted = '';
    const stop = form.elements.stop.value, draft = read(stop);
    if (draft && (draft.text !== form.elements.text.value || draft.run !== form.elements.run.value)) {
      form.elements.text.value = draft.text;
      form.elements.run.value = draft.run;
      say(form, draft.pending ? 'Being sent…' : 'Not handed in yet', 'waiting');
      if (draft.pending) send(stop);
    } else if (draft) forget(stop);
  }

  const current = stop => [...main.querySelectorAll('[data-class-answer]')].find(f => f.elements.stop.value === stop);

  function say(form, text, look = '') {
    const at = form?.querySelector('[data-answer-saved]');
    if (at) { at.textContent = text; at.className = `saved ${look}`; }
  }
  const fault = (form, text) => { const at = form?.querySelector('[data-answer-error], [data-guess-error]'); if (at) at.textContent = text; };

  /** Sends what is kept, again and again until there is an answer. */
  async function send(stop) {
    if (sending.has(stop)) return;
    sending.add(stop);
    for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
      const draft = read(stop), form = current(stop);
      if (!draft?.pending) break;
      try {
        const answer = await fetch(`${base}/answer`, { method: 'POST', headers: json, body: new URLSearchParams({ stop, text: draft.text, run: draft.run, revision: draft.revision }) });
        const body = await answer.json();
        if (answer.ok) {
          const now = read(stop);
          if (form) form.elements.revision.value = body.revision;
          if (now && now.text === draft.text && now.run === draft.run) forget(stop);
          else if (now) keep(stop, { ...now, revision: body.revision });
          fault(form, '');
          say(form, `Handed in ${moment()}`);
          refresh();
          break;
        }
        if (answer.status < 500 && answer.status !== 429) {
          keep(stop, { ...draft, pending: false, revision: body.current?.revision ?? draft.revision });
          if (body.current && form) { form.elements.revision.value = body.current.revision; other(form, body.current.text); }
          fault(form, body.error);
          say(form, 'Not handed in', 'failed');
          break;
        }
        fault(form, body.error);
      } catch {
        fault(form, 'The server does not answer. Your text is kept in this browser, and is sent as soon as the server is back.');
      }
      say(form, 'Waiting to be sent', 'waiting');
      await new Promise(done => setTimeout(done, wait + Math.random() * 1000));
    }
    sending.delete(stop);
  }

  /** Shows the text that another tab handed in beside one's own. */
  function other(form, text) {
    form.querySelector('.other')?.remove();
    const details = document.createElement('details');
    details.className = 'other';
    details.open = true;
    details.innerHTML = '<summary>The other text, handed in from another tab</summary><p class="kept"></p>';
    details.querySelector('.kept').textContent = text;
    form.querySelector('[data-answer-error]').after(details);
  }

  main.addEventListener('input', event => {
    const form = event.target.closest('[data-class-answer]');
    if (!form) return;
    keep(form.elements.stop.value, { text: form.elements.text.value, run: form.elements.run.value, revision: form.elements.revision.value, pending: false });
    say(form, 'Not handed in yet', 'waiting');
  });

  main.addEventListener('click', event => {
    const form = event.target.closest('[data-take-run]')?.closest('form'), path = lab();
    if (!form) return;
    if (!path) { fault(form, 'There is no lab on this page to attach.'); return; }
    form.elements.run.value = path;
    form.elements.run.dispatchEvent(new Event('input', { bubbles: true }));
  });

  main.addEventListener('submit', async event => {
    const answer = event.target.closest('[data-class-answer]'), guess = event.target.closest('[data-guess]');
    if (answer) {
      event.preventDefault();
      const { stop, text, run, revision } = answer.elements;
      keep(stop.value, { text: text.value, run: run.value, revision: revision.value, pending: true });
      say(answer, 'Being sent…', 'waiting');
      send(stop.value);
    }
    if (!guess) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(guess));
    for (let wait = 1000; ; wait = Math.min(wait * 2, 8000)) {
      try {
        const answer = await fetch(guess.action, { method: 'POST', headers: json, body });
        if (answer.ok) { fault(guess, ''); refresh(); return; }
        const { error } = await answer.json();
        fault(guess, error);
        if (answer.status < 500 && answer.status !== 429) { if (answer.status === 409) refresh(); return; }
      } catch {
        fault(guess, 'The server does not answer; your prediction is sent as soon as it is back.');
      }
      await new Promise(done => setTimeout(done, wait + Math.random() * 500));
      if (!guess.isConnected) return; // the class has moved on
    }
  });

  return { mount };
}
