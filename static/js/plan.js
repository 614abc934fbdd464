// The editor of a plan: what is typed at a stop is saved while it is typed, and shown as the wall and a phone will; the lab is set by hand
// and its address taken over; stops are dragged to their places.
import { autosave } from './autosave.js';
import { draftsOf, forgetText, list } from './class-drafts.js';
import { labFrame } from './class-frame.js';
import { fieldsOf, moment } from './frame.js';
import { ask, outcomeOf, showOther } from './part.js';
import { warnUnsent } from './unsent.js';

const main = document.getElementById('main'), form = main.querySelector('[data-plan-stop]');
const written = () => { const fields = fieldsOf(form); fields.delete('revision'); return String(fields); };
let saver = null;

for (const zone of document.querySelectorAll('[data-own-zone]')) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

// What is typed at a stop is kept in the browser until the server has it: a reload, a closed lid or another tab lose nothing.
const drafts = draftsOf(location.pathname), stop = form?.action.split('/').at(-1);
let restore = draft => {}; // puts a draft into the form

/** Lists what was typed at this plan and is in no form: in other tabs, and at stops that are not open. */
function show() {
  if (form) list(main.querySelector('[data-kept-texts]'), drafts.all().filter(({ stop: of, mine }) => !mine || of !== stop), one => one.stop !== stop ? {} : {
    'Put it into the boxes': () => {
      restore(one.draft);
      forgetText(one);
      show();
    },
  });
}

if (form) {
  const note = form.querySelector('[data-stop-error]'), state = form.querySelector('[data-stop-saved]'), { path, revision } = form.elements;
  let kept = note.textContent || form.querySelector('[aria-invalid=true]') ? null : written();
  const say = (text, look = '') => { state.textContent = text; state.className = `saved ${look}`; };
  const dirty = () => written() !== kept;

  /** Keeps what stands in the form, unless the server has it. */
  function keep() {
    if (!dirty()) { drafts.forget(stop); return; }
    const fields = Object.fromEntries(new URLSearchParams(written()));
    drafts.keep(stop, { fields, revision: revision.value, heading: fields.title, says: [fields.text, fields.choices, fields.notes, fields.path].filter(Boolean).join('\n') || fields.title });
  }
  restore = draft => {
    for (const [name, value] of Object.entries(draft.fields)) if (form.elements[name]) form.elements[name].value = value;
    revision.value = draft.revision;
    keep();
    say('Not saved yet', 'waiting');
    saver.soon();
  };

  /** Says at each field what is wrong with it, and takes back what was. */
  function faults(fields = {}) {
    for (const box of form.querySelectorAll('select, textarea, input[type=text]')) {
      box.setAttribute('aria-invalid', String(box.name in fields));
      document.getElementById(`${box.id}-error`).textContent = fields[box.name] ?? '';
    }
  }

  async function send() {
    const text = written();
    say('Saving…', 'waiting');
    try {
      const answer = await ask(form.action, fieldsOf(form));
      /** @type {json.written & json.Refusal} */
      const body = await answer.json();
      if (answer.ok) {
        revision.value = String(body.revision);
        kept = text;
        keep();
        note.textContent = '';
        faults();
        say(`Saved ${moment()}`);
        for (const [name, html] of Object.entries(body.parts)) main.querySelector(`[data-part="${name}"]`).innerHTML = html;
        const line = main.querySelector('[data-plan-stops] [aria-current] [data-stop-title]'), heading = main.querySelector('[data-part="wall"] h1');
        if (heading?.querySelector('math')) line.replaceChildren(...heading.cloneNode(true).childNodes);
        else line.textContent = form.elements.title.value;
        return 'saved';
      }
      note.textContent = body.fields ? '' : body.error;
      faults(body.fields);
      say('Not saved', 'failed');
      if (body.current) { // from now on this tab's writing replaces the other text, since its writer has seen it
        revision.value = String(body.current.revision);
        showOther(note, 'The newer text, from another tab', body.current.text);
      }
      return outcomeOf(answer);
    } catch {
      note.textContent = 'The server does not answer. Your text is still here, and will be saved as soon as it is back.';
      say('Not saved yet', 'failed');
      return 'again';
    }
  }

  saver = autosave({ dirty, send, pause: 700 });
  form.addEventListener('input', () => { keep(); say('…', 'waiting'); saver.soon(); });
  form.addEventListener('submit', event => { event.preventDefault(); saver.save(); });
  addEventListener('beforeunload', event => { if (dirty()) event.preventDefault(); });

  const own = kept === null ? null : drafts.read(stop);
  if (own) restore(own);

  // Everything else on the page is done once what was typed is saved.
  document.addEventListener('submit', async event => {
    const other = /** @type {HTMLFormElement} */ (event.target), button = event.submitter;
    if (other === form || other.matches('[data-theme-form]') || event.defaultPrevented || !dirty()) return;
    event.preventDefault();
    if (await saver.save() === 'saved') other.requestSubmit(button);
    else form.scrollIntoView();
  });
  document.addEventListener('click', async event => {
    const link = event.target.closest('main a[href]');
    if (!link || event.metaKey || event.ctrlKey || link.hasAttribute('download') || !dirty()) return;
    event.preventDefault();
    if (await saver.save() === 'saved') location.href = link.href;
    else form.scrollIntoView();
  });

  const lab = labFrame(main, { role: 'editor', stop: () => '', run: () => {}, key: () => false, show: async page => {
    path.value = page;
    path.dispatchEvent(new Event('input', { bubbles: true }));
  } });
  for (const button of main.querySelectorAll('[data-choose-lab]')) {
    button.addEventListener('click', () => {
      path.value = button.dataset.chooseLab.replace('/embed/', '/labs/');
      path.dispatchEvent(new Event('input', { bubbles: true }));
      lab.follow(button.dataset.chooseLab, 0);
    });
  }
}

show();
addEventListener('storage', show);
warnUnsent([...main.querySelectorAll('form:not([data-plan-stop])')]);

const stops = main.querySelector('[data-plan-stops]');
for (const line of stops?.children ?? []) {
  line.draggable = true;
  line.addEventListener('dragstart', event => { event.dataTransfer.setData('text/plain', line.dataset.stop); line.classList.add('dragged'); });
  line.addEventListener('dragend', () => line.classList.remove('dragged'));
  line.addEventListener('dragover', event => {
    event.preventDefault();
    line.classList.toggle('onto', Boolean(stops.querySelector('.dragged')));
  });
  line.addEventListener('dragleave', () => line.classList.remove('onto'));
  line.addEventListener('drop', event => {
    event.preventDefault();
    line.classList.remove('onto');
    const moved = [...stops.children].find(other => other.dataset.stop === event.dataTransfer.getData('text/plain'));
    if (!moved || moved === line) return;
    const move = /** @type {HTMLFormElement} */ (moved.querySelector('form')), add = (name, value) => move.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    add('do', 'move');
    add('to', String([...stops.children].indexOf(line)));
    move.requestSubmit();
  });
}

// A picture that is too large is not sent.
const picture = main.querySelector('[data-plan-picture]');
picture?.elements.picture.addEventListener('change', ({ target }) => {
  const large = target.files[0]?.size > 1 << 20;
  picture.querySelector('#picture-error').textContent = large ? 'This picture is larger than 1 MB: make it smaller, or save it as JPEG.' : '';
  if (large) target.value = '';
});
