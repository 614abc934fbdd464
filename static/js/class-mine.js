// The classes that were opened or joined in this browser: a list of its own, which the server does not have. It goes when the visitor
// deletes everything, as all that is kept here.
const place = 'my-classes', most = 30;

/** @returns {{code: string, title: string, teaches: boolean}[]} the one looked at last first */
export function mine() {
  try { return JSON.parse(localStorage.getItem(place)) ?? []; } catch { return []; } // forbidden, or not ours
}

function keep(classes) {
  try { localStorage.setItem(place, JSON.stringify(classes.slice(0, most))); } catch { /* forbidden, or full: a list less */ }
}

export function looked(code, title, teaches) {
  const before = mine().find(c => c.code === code);
  keep([{ code, title, teaches: teaches || !!before?.teaches }, ...mine().filter(c => c.code !== code)]);
}

export const dropped = code => keep(mine().filter(c => c.code !== code));
