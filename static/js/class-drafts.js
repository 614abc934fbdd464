// What was typed in classes and not yet acknowledged by the server. It is kept in the browser, each tab's own, so that a lost
// connection, a reload, a closed lid or a lock lose nothing. Where the browser keeps nothing for pages, the page itself does. When the
// visitor deletes everything, pages that are open then keep nothing any more. Each reader's are for that reader alone.
import { era, reader } from './reader.js';

const born = era(); // what was kept in another one is nobody's

const prefix = `draft ${reader} `, before = 'class-draft ';
const unkept = new Map(); // key -> draft, where localStorage is full or forbidden

/** The name of this tab. It stays over a reload, and is never that of a tab which is still open: a duplicated one takes another. */
const tab = (() => {
  let name = null;
  try { name = sessionStorage.getItem('class-tab'); } catch { /* forbidden */ }
  name ??= Math.random().toString(36).slice(2);
  const give = () => { try { sessionStorage.setItem('class-tab', name); } catch { /* forbidden */ } };
  const take = () => { try { sessionStorage.removeItem('class-tab'); } catch { /* forbidden */ } };
  take();
  addEventListener('pagehide', give);
  addEventListener('pageshow', take);
  return name;
})();

const keyOf = (base, stop, of = tab) => [prefix + base, stop, of].join(' ');
const parse = text => { try { return JSON.parse(text); } catch { return null; } };

/** Takes over what an older version kept for whoever used the browser. */
function adopt() {
  for (const key of Object.keys(localStorage).filter(key => key.startsWith(before))) {
    const text = localStorage.getItem(key), draft = parse(text), to = prefix + key.slice(before.length);
    localStorage.removeItem(key); // first: there may be room for one alone
    if (!draft || (draft.era ?? null) !== localStorage.getItem('forgotten')) continue; // another page was just keeping it when everything was deleted
    try {
      localStorage.setItem(to, JSON.stringify({ ...draft, era: born }));
    } catch (full) {
      localStorage.setItem(key, text);
      throw full;
    }
  }
}

/** Every draft of the reader, of every class and tab: {key, base, stop, mine, draft}, the newest first. */
export function all() {
  if (era() !== born) return [];
  const found = new Map(unkept);
  try { adopt(); } catch { /* forbidden, or full: it stays where it is */ }
  try {
    for (const key of Object.keys(localStorage).filter(key => key.startsWith(prefix))) {
      const draft = parse(localStorage.getItem(key));
      if ((draft?.era ?? null) !== born) localStorage.removeItem(key); // another page was just keeping it when everything was deleted
      else if (!found.has(key)) found.set(key, draft);
    }
  } catch { /* forbidden */ }
  return [...found].filter(([, draft]) => draft?.fields).map(([key, draft]) => {
    const [base, stop, of] = key.slice(prefix.length).split(' ');
    return { key, base, stop, mine: of === tab, draft };
  }).sort((a, b) => b.draft.at - a.draft.at);
}

/** The drafts of a class. A draft is {fields, revision, heading, says, pending, refused, clash, at, era}: what stood in the form, at which
 * revision; the question; a choice in words; whether it is being sent, or why it was not taken; what is said of another text that was
 * handed in meanwhile, which it replaces by hand alone; see reader.js for its era. */
export function draftsOf(base) {
  return {
    all: () => all().filter(d => d.base === base),
    read: stop => all().find(d => d.base === base && d.stop === stop && d.mine)?.draft ?? null,
    keep(stop, draft) {
      if (era() !== born) return;
      const key = keyOf(base, stop), kept = { ...draft, at: Date.now(), era: born };
      try {
        localStorage.setItem(key, JSON.stringify(kept));
        unkept.delete(key);
      } catch {
        unkept.set(key, kept);
      }
    },
    forget: stop => forget(keyOf(base, stop)),
  };
}

export function forget(key) {
  unkept.delete(key);
  try { localStorage.removeItem(key); } catch { /* forbidden */ }
}

/** Whether two drafts are one text, kept by two tabs: of one place, and alike to the letter. */
const twins = (a, b) => a.base === b.base && a.stop === b.stop && exact(a.draft.fields) === exact(b.draft.fields);
const exact = fields => JSON.stringify(Object.entries(fields).sort(([a], [b]) => a < b ? -1 : 1));

/** Each text once, as all() gives them; of twins the one of which is said why it was not taken. */
export const once = drafts => drafts.filter((one, i) => {
  const same = drafts.filter(other => twins(one, other));
  return (same.find(({ draft }) => draft.refused) ?? same[0]) === one;
});

/** Forgets a text that several tabs may keep. What stands in another tab is kept by it again. */
export const forgetText = one => { for (const other of all()) if (twins(one, other)) forget(other.key); };

/** The words of a draft, "" where nothing is in it. */
export const wordsOf = ({ fields, says }) => [says ?? fields.text ?? fields.guess, fields.run].filter(s => s?.trim()).join('\n');

/** Lists drafts in a section that is hidden while there are none. actions names, for each, further buttons and what they do.
 * @param {(one: any) => Record<string, () => void>} [actions] */
export function list(section, drafts, actions = () => ({})) {
  const shown = once(drafts.filter(({ draft }) => wordsOf(draft)));
  const state = JSON.stringify(shown.map(one => [one.key, one.draft.fields, one.draft.refused, Object.keys(actions(one))]));
  section.hidden = !shown.length;
  if (section.dataset.listed === state) return;
  section.dataset.listed = state;
  for (const article of section.querySelectorAll('article')) article.remove();
  for (const one of shown) {
    const { draft } = one, article = document.createElement('article');
    const add = (tag, className, textContent) => article.appendChild(Object.assign(document.createElement(tag), { className, textContent }));
    add('h3', '', draft.heading ?? '');
    add('p', 'kept', wordsOf(draft));
    add('p', 'muted', draft.refused ?? '');
    const tools = add('div', 'tools', '');
    const button = (name, act) => {
      const made = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: name });
      made.addEventListener('click', () => act(made));
      tools.append(made);
    };
    for (const [name, act] of Object.entries(actions(one))) button(name, act);
    button('Copy', async made => {
      try {
        await navigator.clipboard.writeText(wordsOf(draft));
        made.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(article.querySelector('.kept'));
        made.textContent = 'Selected: copy it with your device’s own keys';
      }
    });
    button('Delete', () => {
      if (!confirm('Delete this text? It was not handed in.')) return;
      forgetText(one);
      article.remove();
      section.hidden = !section.querySelector('article');
    });
    section.append(article);
  }
}
