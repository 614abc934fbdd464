// Steps through the computational graph: values come one op at a time going forward, gradients going back. The server
// has computed and drawn all of it; a step only says what is shown yet.

/** Starts stepping through the graph in its part of the page. `refresh` takes a new drawing on, `move` takes a step. */
export function stepper() {
  const part = document.querySelector('[data-part="graph"]');
  let at = null; // the step shown last; null: all of them
  let drawing = null;

  const count = () => part.querySelectorAll('[data-steps] > li').length;

  function show() {
    const last = count(), step = at ?? last;
    for (const element of part.querySelectorAll('[data-graph] [data-forward]')) {
      const forward = +element.dataset.forward, back = +element.dataset.back;
      element.classList.toggle('no-value', forward > step);
      element.classList.toggle('no-gradient', back > step);
      element.classList.toggle('now', at !== null && (forward === step || back === step) && step > 0);
    }
    for (const [i, line] of [...part.querySelectorAll('[data-steps] > li')].entries()) line.classList.toggle('now', at !== null && i + 1 === step);
    const said = part.querySelector('[data-steps] > li:nth-child(' + Math.max(step, 1) + ')')?.textContent;
    part.querySelector('[data-step-text]').textContent =
      at === null ? `${last} steps: ${last / 2} forward, ${last / 2} back.` : step === 0 ? 'x and the weights are given.' : `${step} of ${last}. ${said}`;
    for (const button of part.querySelectorAll('[data-step]')) {
      const backwards = button.dataset.step === 'first' || button.dataset.step === 'back';
      button.setAttribute('aria-disabled', String(backwards ? step === 0 : at !== null && step === last && button.dataset.step === 'last'));
    }
  }

  function move(to) {
    if (!count()) return;
    const last = count();
    if (to === 'first') at = 0;
    else if (to === 'last') at = null;
    else if (to === 'back') at = Math.max(0, (at ?? last) - 1);
    else at = at === null || at === last ? 0 : at + 1; // after the end it begins again
    show();
  }

  part?.addEventListener('click', event => {
    const button = event.target.closest('[data-step]');
    if (button) move(button.dataset.step);
  });

  function refresh() {
    const now = part?.querySelector('[data-graph]') ?? null;
    if (now === drawing) return;
    const before = drawing;
    drawing = now;
    if (!now) return;
    if (!before || before.childElementCount !== now.childElementCount) at = null; // another graph
    show();
  }
  refresh();
  return { refresh, move: to => { if (part) move(to); } };
}
