// The hands that are up, on the teacher's pages, in the order of raising. Nothing moves under the pointer or the focus: a hand that went down
// stays in its place, and says so, until they have left the line.
import { fieldsOf } from './frame.js';
import { follow } from './part.js';

/** Keeps the line of hands. `show` shows what the server answers when one is lowered, what `query` asks for, and `lost` says that it does not.
 * @param {HTMLElement} main
 * @param {{ base: string, query: () => string, show: (answer: any) => void, lost: (text: string) => void }} page */
export function keepHands(main, { base, query, show, lost }) {
  const part = main.querySelector('[data-part=hands]'), since = new WeakMap();
  const held = () => part.matches(':hover') || part.contains(document.activeElement);

  /** Counts on how long each is up. */
  function count() {
    for (const words of part.querySelectorAll('[data-for]')) {
      if (!since.has(words)) since.set(words, performance.now());
      words.textContent = long(Number(words.dataset.for) + performance.now() - since.get(words));
    }
  }

  function down(hand) {
    if (!held()) return false;
    hand.classList.add('gone');
    const button = hand.querySelector('button');
    button.setAttribute('aria-disabled', 'true');
    button.textContent = 'Lowered';
    return true;
  }

  function sweep() {
    if (!held()) for (const hand of part.querySelectorAll('.gone')) hand.remove();
  }

  part.addEventListener('pointerleave', sweep);
  part.addEventListener('focusout', () => setTimeout(sweep));
  main.addEventListener('submit', async event => {
    const form = event.target.closest('[data-lower]');
    if (!form) return;
    event.preventDefault();
    if (event.submitter.getAttribute('aria-disabled')) return;
    try {
      const answer = await fetch(`${base}/hands?${query()}`, { method: 'POST', headers: { Accept: 'application/json' }, body: fieldsOf(form, event.submitter) });
      const body = await answer.json();
      if (answer.ok) show(body);
      lost(answer.ok ? '' : body.error);
    } catch {
      lost('The server does not answer: the hand is still up.');
    }
  });
  setInterval(count, 10_000);
  count();
  return (_, html) => {
    follow(part, html, down);
    sweep();
    count();
  };
}

/** How long a hand is up, as the server says it. */
export function long(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
