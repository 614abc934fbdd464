// Parts of a page that are rendered anew by the server while somebody is reading them, or typing in them.

/** Puts rendered HTML into an element; what the reader had opened, focused or typed stays, unless another stop of a class is in it. */
export function renew(part, html) {
  const open = new Map([...part.querySelectorAll('details[data-keep-open]')].map(d => [d.dataset.keepOpen, d.open]));
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const at = focused && (focused.dataset.keepFocus ? `[data-keep-focus="${focused.dataset.keepFocus}"]` : focused.id && `#${focused.id}`);
  const typed = focused?.matches('input, textarea') ? { value: focused.value, start: focused.selectionStart } : null;
  const stop = part.querySelector('[data-stop]')?.dataset.stop;
  part.innerHTML = html;
  for (const details of part.querySelectorAll('details[data-keep-open]')) details.open = open.get(details.dataset.keepOpen) ?? details.open;
  const again = at && part.querySelector(at);
  if (!again || part.querySelector('[data-stop]')?.dataset.stop !== stop) return;
  if (typed && again.type !== 'radio') {
    again.value = typed.value;
    again.setSelectionRange?.(typed.start, typed.start);
  }
  again.focus({ preventScroll: true });
}

/**
 * Makes the content of an element that of an HTML text, child by child in their order: what is in both stays the same element, so
 * that its change is cheap, and can be seen as a movement.
 */
export function morph(element, html) {
  const now = document.createElement('template');
  now.innerHTML = html;
  children(element, now.content);
}

function children(old, now) {
  const had = [...old.children], has = [...now.children];
  has.forEach((node, i) => {
    if (i >= had.length) old.append(node);
    else if (had[i].nodeName !== node.nodeName) had[i].replaceWith(node);
    else if (!had[i].isEqualNode(node)) become(had[i], node);
  });
  for (const more of had.slice(has.length)) more.remove();
}

function become(old, now) {
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if ([...old.childNodes, ...now.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim())) old.replaceChildren(...now.childNodes); // words do not move, they change
  else children(old, now);
}

/**
 * Brings a part up to date that stays under the reader's hand: what is named by data-live changes in its place, what has a data-key is the same
 * thing as before, what is new comes last, and what is gone stays in its place as long as gone says so (true: it is to stay).
 */
export function follow(part, html, gone) {
  const now = document.createElement('template');
  now.innerHTML = html;
  const fresh = [...now.content.querySelectorAll('[data-key]')], list = part.querySelector('[data-list]');
  const had = new Map([...part.querySelectorAll('[data-key]')].map(item => [item.dataset.key, item]));
  for (const item of fresh) {
    const before = had.get(item.dataset.key);
    if (before) live(before, item); else list.append(item.cloneNode(true));
    had.delete(item.dataset.key);
    item.remove();
  }
  for (const item of had.values()) if (!gone(item)) item.remove();
  live(part, now.content);
}

function live(old, now) {
  for (const fresh of now.querySelectorAll('[data-live]')) {
    const before = old.querySelector(`[data-live="${fresh.dataset.live}"]`);
    if (!before || before.given === fresh.outerHTML) continue;
    before.given = fresh.outerHTML;
    for (const name of ['class', 'title', 'hidden']) {
      if (fresh.hasAttribute(name)) before.setAttribute(name, fresh.getAttribute(name)); else before.removeAttribute(name);
    }
    if (before.innerHTML !== fresh.innerHTML) before.innerHTML = fresh.innerHTML;
  }
}

/** Puts parts of the page, rendered anew, in the place of those with their ids; returns them. */
export function replace(parts) {
  return Object.entries(parts).map(([id, html]) => {
    document.getElementById(id).outerHTML = html;
    return document.getElementById(id);
  });
}

/** Shows a text that another tab has kept meanwhile, below the note that says so. */
export function showOther(note, summary, text) {
  note.closest('[data-answer], form').querySelector('.other')?.remove();
  const other = Object.assign(document.createElement('details'), { className: 'other', open: true, innerHTML: '<summary></summary><p class="kept"></p>' });
  other.querySelector('summary').textContent = summary;
  other.querySelector('.kept').textContent = text;
  note.after(other);
}

/** What an answer makes of what was sent: "refused" is for whoever sent it to mend, "again" may be taken later. */
export const outcomeOf = ({ ok, status }) => ok ? 'saved' : status < 500 && status !== 429 ? 'refused' : 'again';

/** Sends a form, or what a script wants to know, and asks for JSON. */
export const ask = (url, body = null) => fetch(url, { method: body ? 'POST' : 'GET', headers: { Accept: 'application/json' }, body });
