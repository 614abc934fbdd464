// What scripts keep in the browser, and for whom. Several people may use one browser: what is kept for one who has signed in is there
// for nobody else, and again when they come back. When a visitor deletes everything it is forgotten, and what was written without signing in
// goes along when its writer says so: the server's answer sets the cookie "deleted" or "carried", as no link can, and the next page that is
// loaded obeys it.

/** Names who has signed in on this page; "-" is nobody. */
export const reader = document.documentElement?.dataset.reader || '-';

const markOf = of => of === '-' ? 'forgotten' : `forgotten ${of}`;
const eraOf = of => localStorage.getItem(markOf(of));

/** Names the time since everything of the reader was last deleted: what a page has from another one must not be kept any more. */
export function era() {
  try { return eraOf(reader); } catch { return null; } // forbidden: nothing is kept
}

/** Whose a key is, "" where it is nobody's: "draft 1234 …", "classes -". */
const ownerOf = key => /^(?:draft|classes|runs|typed|forgotten) (-|\w+)(?: |$)/.exec(key)?.[1] ?? (key === 'forgotten' ? '-' : '');

function told(name) {
  const value = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1];
  if (value !== undefined) document.cookie = `${name}=; Path=/; Max-Age=0`;
  return value;
}

/** Forgets what is kept for a reader, and what is nobody's; what others wrote stays. */
function forget(whose) {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (key !== 'reader' && ['', whose].includes(ownerOf(key))) storage.removeItem(key);
  }
  localStorage.setItem(markOf(whose), Math.random().toString(36).slice(2));
}

/** Gives what is kept for one reader to another. What stands at the same place there stays, and the other beside it. */
function carry(from, to) {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage).filter(key => ownerOf(key) === from && !key.startsWith('forgotten'))) {
      let text = storage.getItem(key), place = key.replace(` ${from}`, ` ${to}`);
      if (key.startsWith('draft ')) {
        const draft = JSON.parse(text);
        if ((draft.era ?? null) !== eraOf(from)) continue;
        text = JSON.stringify({ ...draft, era: eraOf(to) });
        while (storage.getItem(place) !== null) place += '+'; // as another tab's
      } else if (/^(?:classes|runs) /.test(key)) {
        text = JSON.stringify([...JSON.parse(storage.getItem(place)) ?? [], ...JSON.parse(text)]);
      }
      storage.removeItem(key); // first: there may be room for one alone
      storage.setItem(place, text);
    }
  }
}

try {
  const deleted = told('deleted'), carried = told('carried');
  if (deleted !== undefined) forget(deleted === '1' ? '-' : deleted);
  if (carried !== undefined) carry(...carried.split('.'));
} catch { /* forbidden: nothing is kept */ }

// A page of somebody who has signed out, or of whom another took the place, is not left to the next one: it asks the server anew. Inside a
// frame of another site a browser has other cookies, and may have the same storage: such a page says nothing, and hears nothing.
const framed = globalThis.top !== globalThis.self;

/** Whether the one who had signed in on this page still is: else what stands on it must not be sent as another's. */
export function here() {
  try { return reader === '-' || framed || (localStorage.getItem('reader') ?? reader) === reader; } catch { return true; }
}

function leave() {
  if (!here()) location.replace(location.pathname + location.search);
}

try { if (!framed) localStorage.setItem('reader', reader); } catch { /* forbidden, or full */ }
addEventListener('storage', event => { if (event.key === 'reader') leave(); });
addEventListener('pageshow', leave); // out of the browser's cache of pages
