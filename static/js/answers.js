// The page of one's answers: printing, and selecting the private link.
document.querySelector('[data-print]')?.addEventListener('click', () => print());
document.querySelector('[data-select]')?.addEventListener('focus', event => event.target.select());
