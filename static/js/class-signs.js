// What a student's page tells the teacher of its student besides what is handed in: a hand, and that something of their own is tried in
// the lab. A hand is the server's word; that something is tried is this page's, which tells it again after it was cut off.
const json = { Accept: 'application/json' };

/** @param {HTMLElement} main
 * @param {{ base: string, stop: () => string, branched: () => boolean, show: (answer: any) => void, left: (answer: Response) => boolean, refresh: () => void }} page */
export function keepSigns(main, { base, stop, branched, show, left, refresh }) {
  const button = () => /** @type {HTMLElement} */ (main.querySelector('[data-hand]'));
  const up = () => button()?.dataset.hand === 'true';
  let known = main.dataset.toldBranched === 'true', telling = false;

  /** Tells whether the student tries something of their own, where the server does not know it. */
  async function branch() {
    if (telling) return;
    telling = true;
    while (branched() !== known) {
      const is = branched();
      const answer = await fetch(`${base}/branch`, { method: 'POST', headers: json, body: new URLSearchParams({ stop: is ? stop() : '' }) }).catch(() => null);
      if (!answer || answer.status === 429 || answer.status >= 500) { // it is told when the page is back, or later
        setTimeout(branch, 10_000 + Math.random() * 5000);
        break;
      }
      known = is;
    }
    telling = false;
  }

  /** The server says whether the hand is up: the teacher may have lowered it, or another tab raised it. */
  function hand(is) {
    if (button() && is !== up()) refresh();
  }

  main.addEventListener('click', async event => {
    const pressed = /** @type {HTMLButtonElement} */ (/** @type {HTMLElement} */ (event.target).closest('[data-hand]'));
    if (!pressed) return;
    event.preventDefault(); // the form that it sends without scripts is the stage's
    const fault = text => { main.querySelector('[data-hand-error]').textContent = text; };
    try {
      const answer = await fetch(`${base}/hand`, { method: 'POST', headers: json, body: new URLSearchParams({ hand: pressed.value }) });
      if (left(answer)) return;
      const body = await answer.json();
      if (answer.ok) show(body);
      fault(answer.ok ? '' : body.error);
    } catch {
      fault('The server does not answer: nothing was changed.');
    }
  });
  return { branch, hand, up };
}
