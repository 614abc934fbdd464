// The classes that the reader opened or joined in this browser: a list of its own, which the server does not have. It goes when the visitor
// deletes everything, as all that is kept here.
import { reader } from './reader.js';

const before = 'my-classes', place = `classes ${reader}`, most = 30;
try {
  const text = localStorage.getItem(before); // an older version kept it for whoever used the browser
  if (text !== null && localStorage.getItem(place) === null) localStorage.setItem(place, text);
  localStorage.removeItem(before);
} catch { /* forbidden, or full */ }

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
