// The lab of the residual stream: words as dots that move from layer to layer. The server has computed where they are after
// every layer; this script moves them there, and asks for other places when the settings change.
import { instance, mount } from './chart.js';
import { follow, get, set } from './lab.js';
import { onKey } from './frame.js';
import './figure.js';

const svg = 'http://www.w3.org/2000/svg';
const pause = 1100; // ms at each layer
const slider = /** @type {HTMLInputElement} */ (document.getElementById('layer-slider'));
const button = document.querySelector('[data-act="play"]');
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

/** @type {json.StreamState} */
let state = JSON.parse(document.getElementById('stream-state').textContent);
let layer = state.layer, timer = 0;

const last = () => state.places.plain.length - 1;

mount();
follow('/labs/stream/board', /** @type {(board: json.streamDrawn, newest: boolean) => void} */ board => {
  const whole = layer === last();
  state = board.state;
  draw(whole ? last() : Math.min(layer, last()));
});

/** Puts the words where they are after a layer. */
function draw(at) {
  layer = at;
  slider.max = String(last());
  slider.value = String(at);
  document.querySelector('[data-part="layer"]').textContent = `${at} of ${last()}`;
  for (const plane of document.querySelectorAll('[data-plane]')) {
    const twin = plane.dataset.plane, field = plane.querySelector('svg');
    const dots = [...field.querySelectorAll('.dot')];
    for (const spare of dots.splice(state.words.length)) spare.remove();
    while (dots.length < state.words.length) dots.push(field.appendChild(newDot(state.words[dots.length])));
    for (const [i, [x, y]] of state.places[twin][at].entries()) {
      dots[i].style.transform = `translate(${x}px, ${-y}px)`;
      dots[i].setAttribute('class', `dot ${state.names[twin][at][i]}`);
    }
    field.querySelector('.all').textContent = `${state.words.length} words in one dot`;
    plane.classList.toggle('one', state.one[twin][at]);
    plane.classList.toggle('not-in-hand', (twin === 'residual') !== (get('skip') === 'identity'));
    const said = document.querySelector(`tr[data-layer="${at}"] [data-difference="${twin}"]`);
    plane.querySelector('[data-apart]').innerHTML = said.innerHTML;
    field.setAttribute('aria-label', `${plane.querySelector('h2').textContent}: ${state.words.length} words after layer ${at}. They differ by ${said.textContent.trim()} of their size.`);
  }
}

function newDot(word) {
  const dot = document.createElementNS(svg, 'g'), circle = document.createElementNS(svg, 'circle'), name = document.createElementNS(svg, 'text');
  dot.setAttribute('class', 'dot');
  circle.setAttribute('r', '13');
  name.textContent = word;
  dot.append(circle, name);
  return dot;
}

// ---- from layer to layer ------------------------------------------------------------------------

/** Shows a layer that the reader chose, and writes it into the address; the last one, whatever its number, is none. */
function choose(at) {
  stop();
  draw(Math.min(last(), Math.max(0, at)));
  set('layer', layer === last() ? 24 : layer);
}

function play() {
  if (timer) return stop();
  draw(layer === last() ? 0 : layer);
  button.textContent = 'Pause';
  timer = setInterval(() => {
    if (layer < last()) draw(layer + 1);
    if (layer === last()) stop();
  }, pause);
}

function stop() {
  clearInterval(timer);
  timer = 0;
  button.textContent = 'Play';
}

slider.addEventListener('input', event => { event.stopPropagation(); choose(+slider.value); });
button.addEventListener('click', play);
onKey('play or pause the words’ way through the layers', { ' ': play });
onKey('the words a layer before or after', { '[': () => choose(layer - 1), ']': () => choose(layer + 1) });
instance('differences').on('click', event => choose(event.dataIndex));

draw(layer);
if (!calm && !new URLSearchParams(location.search).has('layer')) play();
