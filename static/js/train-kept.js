// Keeps finished runs for comparison: they stay on the curves in grey until the reader clears them. They live as long as
// the tab does, so that a net of another form, which is another page, finds those of its own again.
import { short } from './number.js';
import { reader } from './reader.js';

const store = `runs ${reader}`;
const most = 6; // runs
const points = 200; // of each line
const rest = 1000; // milliseconds that a finished run must have stood to be kept: a slider passes over many

/** Returns what keeps runs and lists them in the element; `changed` is called when the reader clears them. */
export function keeper(element, changed) {
  const inLesson = document.body.classList.contains('embed'); // what a page shows in it is chosen: nothing is added
  let runs = inLesson ? [] : load(); // {query, settings, lines: {twin: [{step, loss, accuracy}]}}, oldest first
  let present = null, since = 0;

  /** Notes that a run is finished. The one before it is kept if it was looked at. */
  function finished(run, steps) {
    const entry = { query: run.query, settings: run.settings, lines: {} };
    for (const [twin, list] of Object.entries(steps)) {
      const every = Math.ceil(list.length / points);
      entry.lines[twin] = list.filter((s, i) => i % every === 0 || i === list.length - 1).map(({ step, loss, accuracy }) => ({ step, loss, accuracy }));
    }
    leave();
    present = entry;
    since = performance.now();
  }

  function leave() {
    if (inLesson || !present || performance.now() - since < rest) return;
    runs = [...runs.filter(r => r.query !== present.query), present].slice(-most);
    present = null;
    save(runs);
  }

  /** The lines of the kept runs that compare with the present one, named by what differs from it. */
  function lines(run) {
    if (present && present.query !== run.query) leave();
    const others = runs.filter(r => r.query !== run.query && comparable(r, run));
    list(others, run);
    return others.flatMap((r, i) => Object.entries(r.lines).map(([twin, steps]) => ({ id: `${twin}-${i}`, twin, name: `${difference(r, run)}, ${twin}`, steps })));
  }

  let listed = '';
  function list(others, run) {
    const texts = others.map(r => `${difference(r, run)}: ${Object.entries(r.lines).map(([twin, steps]) => `${twin} ${ending(steps.at(-1))}`).join(', ')}`);
    const now = texts.join('\n');
    if (now === listed) return;
    listed = now;
    element.hidden = !texts.length;
    element.replaceChildren();
    if (!texts.length) return;
    const intro = document.createElement('span');
    intro.textContent = 'Earlier runs in grey, with their final loss: ';
    const items = document.createElement('ul');
    for (const text of texts) items.append(Object.assign(document.createElement('li'), { textContent: text }));
    const clear = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: 'Clear' });
    clear.addEventListener('click', () => { runs = []; save(runs); changed(); });
    element.append(intro, clear, items);
  }

  addEventListener('pagehide', leave);
  return { finished, lines };
}

/** Whether two runs' losses are of one kind: the same kind of net, on the same images, in batches of one size. */
export function comparable(run, other) {
  const of = (r, name) => r.settings.find(s => s.name === name)?.text;
  return ['net', 'data', 'count', 'batch'].every(name => of(run, name) === of(other, name));
}

const ending = step => typeof step?.loss === 'number' ? short(step.loss) : 'diverged';

/** What differs between two runs, in words: what the first has that the second has not. */
function difference(run, other) {
  const theirs = new Map(other.settings.map(s => [s.name, s.text]));
  const own = run.settings.filter(s => theirs.get(s.name) !== s.text);
  return own.map(s => s.text).join(', ');
}

function load() {
  try {
    return (JSON.parse(sessionStorage.getItem(store)) ?? []).filter(r => r.settings && r.lines).slice(-most);
  } catch { // a tab without storage keeps nothing beyond the page
    return [];
  }
}

function save(runs) {
  try {
    sessionStorage.setItem(store, JSON.stringify(runs));
  } catch {} // as above
}
