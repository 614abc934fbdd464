// What scripts keep in the browser for its visitor is forgotten when the visitor deletes everything. The server's answer to that sets
// the cookie "deleted", as no link can; the next page that is loaded obeys it.

const mark = 'forgotten';

/** Names the time since everything was last deleted: what a page has from another one must not be kept any more. */
export function era() {
  try { return localStorage.getItem(mark); } catch { return null; } // forbidden: nothing is kept
}

if (/(^|; )deleted=/.test(document.cookie)) {
  try {
    localStorage.clear();
    sessionStorage.clear();
    localStorage.setItem(mark, Math.random().toString(36).slice(2));
  } catch { /* forbidden */ }
  document.cookie = 'deleted=; Path=/; Max-Age=0';
}
