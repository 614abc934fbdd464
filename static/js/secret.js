// The page of a link with a secret: what stands behind the # goes into the form, and out of the address, lest it stays in the history.
const form = document.querySelector('[data-secret-link]');
const secret = decodeURIComponent(location.hash.slice(1));
if (secret) {
  form.elements.secret.value = secret;
  history.replaceState(null, '', location.pathname);
  if ('atOnce' in form.dataset) form.requestSubmit();
}
