// Warns whoever leaves a page while something stands in a form that is sent by a button alone.

/** @param {HTMLFormElement[]} forms */
export function warnUnsent(forms) {
  const sent = new Set();
  const changed = form => !sent.has(form) && [...form.querySelectorAll('input:not([type=hidden], [type=password], [readonly]), textarea')].some(box =>
    box.type === 'file' ? box.files.length : box.type === 'checkbox' || box.type === 'radio' ? box.checked !== box.defaultChecked : box.value !== box.defaultValue);
  addEventListener('submit', event => { if (!event.defaultPrevented) sent.add(event.target); }); // the window's comes last
  addEventListener('pageshow', () => sent.clear());
  addEventListener('beforeunload', event => { if (forms.some(changed)) event.preventDefault(); });
}
