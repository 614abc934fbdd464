import { warnUnsent } from './unsent.js';

warnUnsent([...document.querySelectorAll('main form')]);
// A plan as a file: its text goes into the box, where it can be looked at before it is taken.
document.querySelector('[data-import-file]').addEventListener('change', async ({ target }) => {
  const box = target.form.elements.markdown;
  if (target.files[0]) box.value = await target.files[0].text();
  box.focus();
});
