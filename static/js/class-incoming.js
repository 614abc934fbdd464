// The answers on the teacher's page while more come in: those that are there stay where they are, new ones come below them, and a line says
// how many of them have not been looked at yet.
import { renew } from './part.js';

const keyOf = li => li.dataset.answer;
const within = list => [...list?.children ?? []];

/** Returns what shows the answers in their part, rendered anew. line says how many there are below. */
export function answerList(part, line) {
  let of = '', order = []; // the stop and the filter; the keys of its texts, as they stand
  const unseen = new Set();
  const look = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) unseen.delete(keyOf(target));
    tell();
  }, { rootMargin: '0px 0px -64px' }); // the line itself is there

  const list = () => part.querySelector('[data-incoming]');

  function tell() {
    const first = within(list()).find(li => unseen.has(keyOf(li)));
    if (!first) { line.replaceChildren(); return; }
    const link = line.querySelector('a') ?? line.appendChild(document.createElement('a')), words = `${unseen.size} new below`;
    link.href = `#${first.id}`;
    if (link.textContent !== words) link.textContent = words;
  }

  line.addEventListener('click', event => {
    if (!event.target.closest('a')) return;
    event.preventDefault(); // the browser would look for the answer a moment later, when it may have been rendered anew
    const first = within(list()).find(li => unseen.has(keyOf(li)));
    first?.focus({ preventScroll: true });
    first?.scrollIntoView();
  });

  /** Puts the answers into the order in which this page has shown them. before are the elements that it had until now. */
  function settle(before) {
    const now = list();
    if (now?.dataset.incoming !== of) {
      of = now?.dataset.incoming ?? '';
      order = within(now).map(keyOf);
      unseen.clear();
    }
    if (!now) { tell(); return; }
    const has = new Map(within(now).map(li => [keyOf(li), li])), hidden = new Set(within(part.querySelector('.folded > ul')).map(keyOf));
    for (const key of order) if (!has.has(key) && !hidden.has(key) && before.has(key)) has.set(key, gone(before.get(key)));
    for (const key of has.keys()) {
      if (order.includes(key)) continue;
      order.push(key);
      unseen.add(key);
    }
    now.append(...order.map(key => has.get(key)).filter(Boolean));
    for (const key of unseen) if (!has.has(key)) unseen.delete(key);
    look.disconnect();
    for (const key of unseen) look.observe(has.get(key));
    tell();
  }

  settle(new Map());
  return (_, html) => {
    const lis = within(list()), at = lis.findIndex(li => li.contains(document.activeElement));
    for (const li of lis) li.style.minHeight = `${li.getBoundingClientRect().height}px`; // of one that is gone
    renew(part, html);
    settle(new Map(lis.map(li => [keyOf(li), li])));
    if (at >= 0 && !part.contains(document.activeElement)) within(list())[Math.min(at, order.length - 1)]?.focus({ preventScroll: true }); // it was hidden: the next one
  };
}

/** An answer that is no longer in the list: its writer has changed it, or taken it back. It stays as it was read, so that nothing below it moves. */
function gone(li) {
  if (li.classList.contains('gone')) return li;
  for (const part of li.querySelectorAll('form, details')) part.remove();
  li.className = 'gone';
  li.append(Object.assign(document.createElement('p'), { className: 'muted', textContent: 'No longer handed in like this.' }));
  return li;
}

/** Shows the form that filters answers, rendered anew; what was chosen in it meanwhile stays chosen. */
export function showSieve(part, html) {
  const form = part.querySelector('[data-sieve]'), chosen = part.querySelector('select')?.value;
  renew(part, html);
  const again = part.querySelector('select');
  if (form && again && part.querySelector('[data-sieve]').dataset.sieve === form.dataset.sieve) again.value = chosen;
}
