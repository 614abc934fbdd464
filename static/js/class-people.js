// The grid of who is in a class and what each has handed in. It follows the class without moving anything: what changes does so in its place,
// who joins comes below, and who has left stays, marked so, until the page is loaded again.
import { keepHands } from './class-hands.js';
import { follow } from './part.js';

const main = /** @type {HTMLElement} */ (document.querySelector('[data-people]'));
const { people: code, page } = main.dataset, base = `/class/${code}`, pause = 1000, now = 60_000;
const part = name => main.querySelector(`[data-part="${name}"]`), grid = part('grid');
const note = main.querySelector('[data-connection]'), fault = main.querySelector('[data-hands-error]');

const hands = keepHands(main, { base, query: () => `view=people&page=${page}`, show, lost: text => { if (fault.textContent !== text) fault.textContent = text; } });

function left(row) {
  row.classList.add('gone');
  row.querySelector('[data-live=where]').textContent = 'no longer in the class';
  row.querySelector('details').open = false;
  for (const button of row.querySelectorAll('button')) button.disabled = true;
  return true;
}

/** @param {json.peopleState} told */
function show({ parts }) {
  follow(part('joined'), parts.joined, left);
  hands(part('hands'), parts.hands);
  const fresh = document.createElement('template');
  fresh.innerHTML = parts.grid;
  const columns = of => of.querySelector('[data-columns]').dataset.columns;
  const same = columns(grid) === columns(fresh.content);
  main.querySelector('[data-other-plan]').hidden = same;
  if (same) follow(grid, parts.grid, left);
}

let waiting = 0, busy = false, again = false;

/** Asks, but not more than once in a while: many hand in at the same moment. */
function refresh() {
  if (busy) { again = true; return; }
  waiting ||= setTimeout(look, pause);
}

async function look() {
  waiting = 0;
  busy = true;
  try {
    const answer = await fetch(`${base}/board?view=people&page=${page}`, { headers: { Accept: 'application/json' } });
    if (answer.status === 404 || answer.status === 403) { location.assign(base); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    note.textContent = '';
  } catch {
    note.textContent = 'The server does not answer; this page tries again.';
    again = true;
  }
  busy = false;
  if (again) refresh();
  again = false;
}

function listen() {
  const source = new EventSource(`${base}/events`);
  for (const news of ['change', 'arrived']) source.addEventListener(news, refresh);
  source.addEventListener('gone', () => { source.close(); location.assign('/class'); });
  source.onerror = () => {
    note.textContent = 'The connection is lost; this page comes back by itself.';
    if (source.readyState !== EventSource.CLOSED) return; // else the browser comes back by itself
    refresh(); // refused: perhaps this device is the teacher's no more
    setTimeout(listen, 1000 + Math.random() * 2000);
  };
}

listen();
setInterval(refresh, now); // whose server died is away without a word
