// A net over its bars (views/chain_net.templ): the signal goes forward and the gradient comes back, and its columns are walked
// through. The server draws it; this module moves what is there, and rests in what the server drew.
import { onKey } from './frame.js';

const forward = 900, pause = 250, back = 1900; // ms
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const figure = document.querySelector('[data-network]');
let frame = 0;

/** Lets the signal go forward and the gradient come back, once; what comes back uncovers the ribbons and the bars. */
export function sendBack() {
  rest();
  if (calm.matches || !figure) return;
  const rows = [...figure.querySelectorAll('.net-row')].map(strip => {
    const row = strip.querySelector('.row-of-units'), shares = strip.dataset.shares.split(' ').map(Number);
    row.insertAdjacentHTML('beforeend', '<i class="signal"></i><svg class="pulse" viewBox="-15 -15 30 30" aria-hidden="true"><circle class="ring" r="15"/><circle class="disc"/></svg>');
    return { row, shares: strip.dataset.shares ? shares : [], wide: row.clientWidth, ribbon: row.querySelector('.ribbon'), signal: row.querySelector('.signal'), pulse: row.querySelector('.pulse'), disc: row.querySelector('.disc') };
  });
  const veil = figure.querySelector('.veil');
  figure.classList.add('coming');
  const start = performance.now();
  const draw = now => {
    const t = now - start, gone = Math.min(1, t / forward), come = Math.min(1, Math.max(0, (t - forward - pause) / back));
    for (const r of rows) {
      r.signal.style.transform = `translateX(${gone * (r.wide + 34)}px)`;
      r.signal.style.opacity = gone < 1 ? '1' : '0';
      if (r.ribbon) r.ribbon.style.clipPath = `inset(0 0 0 ${(1 - come) * 100}%)`;
      const layer = Math.min(r.shares.length - 1, Math.max(0, Math.round((1 - come) * r.shares.length - .5)));
      r.pulse.style.opacity = come > 0 && r.shares.length ? '1' : '0';
      r.pulse.style.transform = `translateX(${(1 - come) * r.wide}px)`;
      r.disc.setAttribute('r', String(Math.max(.8, 15 * Math.sqrt(r.shares[layer] || 0))));
    }
    veil.style.transform = `scaleX(${1 - come})`;
    if (come < 1) frame = requestAnimationFrame(draw);
    else rest();
  };
  draw(start);
  frame = requestAnimationFrame(draw);
}

/** The figure as the server drew it. */
export function rest() {
  cancelAnimationFrame(frame);
  if (!figure?.classList.contains('coming')) return;
  figure.classList.remove('coming');
  for (const moving of figure.querySelectorAll('.signal, .pulse')) moving.remove();
  for (const ribbon of figure.querySelectorAll('.ribbon')) ribbon.style.clipPath = '';
}

addEventListener('beforeprint', rest);

// A change by itself glides; under a hand that drags, the figure is to be where the hand is.
let changed = -Infinity;
document.addEventListener('input', ({ timeStamp }) => {
  figure?.toggleAttribute('data-glides', timeStamp - changed > 300);
  changed = timeStamp;
});

document.addEventListener('click', event => {
  if (event.target.closest('[data-send-back]')) sendBack();
});

// What is said of a column under the pointer, or that has the focus, goes by Escape, until one points at or walks to another.
addEventListener('keydown', event => { if (event.key === 'Escape') figure?.toggleAttribute('data-hushed', true); });
for (const type of ['pointerover', 'focusin']) {
  figure?.addEventListener(type, ({ target }) => { if (target.closest('[data-layer]')) figure.removeAttribute('data-hushed'); });
}

/** Walks through the layers: one of them is a stop of the tabulator key, the arrows lead to the others. */
figure?.addEventListener('keydown', event => {
  const at = event.target.closest('[data-layer]'), by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!at || !by) return;
  event.preventDefault();
  event.stopPropagation(); // elsewhere these keys change the depth
  const to = figure.querySelector(`[data-layer="${+at.dataset.layer + by}"]`);
  if (!to) return;
  at.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
});

if (figure) onKey('send the gradient back', { g: sendBack });
