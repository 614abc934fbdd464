// What is typed and not sent yet beside the answers' boxes, which save themselves: a guess, the link of a run. It is there again when
// the page is loaded anew in this tab, as handing in an answer does, for the one who typed it.
import { reader } from './reader.js';

const before = `typed ${location.pathname}`, key = `typed ${reader} ${location.pathname}`; // an older version kept it for whoever used the tab
try {
  const text = sessionStorage.getItem(before);
  if (text !== null) sessionStorage.setItem(key, text);
  sessionStorage.removeItem(before);
} catch { /* forbidden */ }

const fields = () => [...document.querySelectorAll('[data-predict] input:not(:disabled), .attach [name=run]')];
const place = field => field.closest('[id]:not(input)').id;

document.addEventListener('input', ({ target }) => { if (target.matches('.attach [name=run]')) target.dataset.typed = ''; });

addEventListener('pagehide', () => {
  const typed = fields().filter(f => f.type === 'radio' ? f.checked : f.name === 'run' ? 'typed' in f.dataset : f.value);
  try {
    if (typed.length) sessionStorage.setItem(key, JSON.stringify(typed.map(f => [place(f), f.value])));
    else sessionStorage.removeItem(key);
  } catch { /* forbidden, or full */ }
});

try {
  for (const [id, value] of JSON.parse(sessionStorage.getItem(key)) ?? []) {
    const field = fields().find(f => place(f) === id && (f.type !== 'radio' || f.value === value));
    if (field?.type === 'radio') field.checked = true;
    else if (field && !field.defaultValue) {
      field.value = value;
      if (field.name === 'run') field.dataset.typed = '';
      if (field.closest('details')) field.closest('details').open = true;
    }
  }
} catch { /* forbidden, or what another version kept */ }
