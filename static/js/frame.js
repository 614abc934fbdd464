// The frame of every page: themes without a reload, the list of keys, copying the link.
const root = document.documentElement;

/** Sets a theme, "" to follow the system, and keeps it. */
function setTheme(theme) {
  const form = document.querySelector('[data-theme-form]');
  const body = new URLSearchParams({ theme: theme || root.dataset.theme, back: '/' });
  fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true }); // the page may be left at once
  root.dataset.theme = theme;
  for (const button of form.querySelectorAll('[name=theme]')) button.setAttribute('aria-pressed', String(button.value === theme));
  dispatchEvent(new Event('themechange'));
}

const toggleTheme = theme => setTheme(root.dataset.theme === theme ? '' : theme);

document.querySelector('[data-theme-form]')?.addEventListener('submit', event => {
  event.preventDefault();
  toggleTheme(event.submitter.value);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('themechange')));

const keys = document.querySelector('[data-keys]');
document.querySelector('[data-keys-open]')?.addEventListener('click', () => keys.showModal());

/** Calls the action of a key, unless the reader is typing or the key belongs to a control. */
export function onKey(actions) {
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys?.open) return;
    const on = event.target;
    if (on.matches?.('textarea, select, input[type=number], input[type=text]')) return;
    const own = on.matches?.('button, summary, a, input') ? [' ', 'ArrowLeft', 'ArrowRight'] : on.matches?.('.scroll') ? ['ArrowLeft', 'ArrowRight'] : [];
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || own.includes(event.key)) return;
    event.preventDefault();
    action();
  });
}

if (keys) onKey({ '?': () => keys.showModal(), p: () => toggleTheme('projector') }); // a lab in another page has neither

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy-link]');
  if (!button) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Copy it from the address bar';
  }
  setTimeout(() => { button.textContent = label; }, 2000);
});

// A lab's address is its state: it goes along to the answer that argues from it.
document.addEventListener('click', event => {
  if (event.target.closest('[data-attach]')) location.href = `/answers/attach?run=${encodeURIComponent(location.pathname + location.search)}`;
});
