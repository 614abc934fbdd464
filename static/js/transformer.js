// The lab of two Transformers that learn: shows their steps as the server streams them.
//
// Pausing hangs up, which parks the runs on the server; going on asks for the steps after those that are here. The curves go up to
// the step in hand, whose gradients are drawn: the newest, or the one that the reader chose.
import { mount } from './chart.js';
import './figure.js';
import { follow, get, replace, set } from './lab.js';
import { onKey } from './frame.js';
import { short } from './number.js';
import { say, transport } from './transport.js';
import { drawer } from './train-figures.js';

const part = name => document.querySelector(`[data-part="${name}"]`);
const twins = { post: 'plain', pre: 'residual' }; // whose colours they have
const names = { plain: 'post-LN', residual: 'pre-LN' };
const last = 2000; // in the address: the last step, whatever its number

/** @type {json.TransformerRun} */
let run = JSON.parse(document.getElementById('transformer-run').textContent);
/** @type {Record<string, json.Step[]>} */
let steps = {}; // by colour: those that have arrived
let drawing = 0, invitation = part('verdict').innerHTML;

mount();
const figures = drawer(() => {});

const refresh = follow('/labs/transformer/board', /** @param {json.transformerDrawn} board */ board => {
  for (const [id, figure] of Object.entries(board.figures)) figures.take(id, figure.option);
  const same = board.run.stream === run.stream && run.stream !== '';
  run = board.run;
  invitation = board.parts.verdict;
  if (!same) row.pause();
  if (!same || run.finished) adopt();
  draw();
});

/** Takes what is known of the runs. */
function adopt() {
  steps = { plain: [...run.finished?.post ?? []], residual: [...run.finished?.pre ?? []] };
  say(run.known ? `${run.steps} steps` : '');
  row.settle();
}

/** How many steps there are of both; of runs that are over, of the longer one. */
const arrived = () => (run.known ? Math.max : Math.min)(...Object.values(steps).map(of => of.length));
const shown = () => Math.min(arrived(), Number(get('step')) + 1);

// ---- the transport ------------------------------------------------------------------------------

const row = transport({
  address: () => {
    if (!run.stream || run.known) return '';
    const have = Object.entries(twins).map(([name, twin]) => `${name}=${steps[twin].length}`).join('&');
    return `${run.stream}${run.stream.includes('?') ? '&' : '?'}after=${encodeURIComponent(have)}`;
  },
  on: {
    step: /** @param {json.stepsEvent} e */ e => {
      const of = steps[twins[e.run]];
      of.push(...e.steps.filter(s => s.step >= of.length));
      drawing ||= requestAnimationFrame(draw);
    },
    diverged: /** @param {json.divergedEvent} e */ e => say(e.message),
    done: () => { row.stop(); refresh(); },
  },
  paused: () => `paused after ${arrived()} of ${run.steps} steps`,
});
part('scrub').addEventListener('input', event => { event.stopPropagation(); choose(+event.target.value); });
onKey('the gradients a step before or after', { '[': () => choose(shown() - 2), ']': () => choose(shown()) });

/** Takes a step in hand, and writes it into the address. */
function choose(step) {
  set('step', step >= arrived() - 1 ? last : Math.max(0, step));
  draw();
}

// ---- what is shown ------------------------------------------------------------------------------

function draw() {
  drawing = 0;
  const at = shown(), places = run.layers.map((_, layer) => layer);
  Object.assign(part('scrub'), { max: Math.max(run.steps - 1, 1), value: Math.max(0, at - 1), disabled: !at });
  part('step').textContent = at ? at - 1 : '–';
  figures.draw({ twins: true, names, curve: 'loss', steps: run.steps, layers: run.layers, strip: { places: { plain: places, residual: places } } }, steps, at, [], false);
  if (run.known) return;
  if (row.running()) say(`${arrived()} of ${run.steps} steps`);
  const loss = twin => `<span class="${twin}">${names[twin]}</span>’s loss is ${short(steps[twin][at - 1].loss)}`;
  replace('verdict', at && run.stream ? `<p class="verdict">At step ${at - 1} ${loss('plain')}, ${loss('residual')}.</p>` : invitation);
}

adopt();
draw();
