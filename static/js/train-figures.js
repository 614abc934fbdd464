// Draws the steps of a run that have arrived: curves up to the playhead, the gradients at it or of all steps.
import { drawHeat, instance, show } from './chart.js';
import { dressHeat } from './chart-heat.js';
import { ceiling, short } from './number.js';

drawHeat(dressHeat);

const columns = 160; // of the map: more would be narrower than a pixel or two
const pause = 250; // milliseconds between two drawings of the map while it moves

/**
 * Returns what draws the two figures of a run; `jump` is called with the step that the reader clicks on in the map. A run may have
 * other `names` for its twins than those of their colours.
 */
export function drawer(jump) {
  const options = {}; // the figures' options as the server made them
  for (const id of ['loss', 'gradients']) options[id] = JSON.parse(document.getElementById(`option-${id}`).textContent);
  let last = 0; // when the map was drawn

  instance('gradients').on('click', event => { if (options.gradients.heat) jump(event.data.step + 1); });

  function draw(run, steps, at, kept, moving) {
    const twins = run.twins ? ['plain', 'residual'] : [run.subject];
    curves(options.loss, run, steps, at, twins, kept);
    if (!options.gradients.heat) return bars(options.gradients, run, steps, at, twins);
    const now = performance.now();
    if (moving && now - last < pause) return;
    last = now;
    map(options.gradients, run, steps, at, twins);
  }
  return { draw, take(id, option) { options[id] = option; } };
}

const named = (run, twin) => run.names?.[twin] ?? twin;
const measures = { loss: s => s.loss, log: s => s.loss, accuracy: s => 100 * s.accuracy };

function curves(base, run, steps, at, twins, kept) {
  const measure = measures[run.curve], log = run.curve === 'log';
  const points = (list, of) => list.map(s => ({ value: [s.step, of(s)] })).filter(p => !log || p.value[1] > 0 || typeof p.value[1] === 'string');
  const lines = twins.flatMap(twin => {
    const all = steps[twin] ?? [], past = all.slice(0, at);
    const tests = past.filter(s => s.test).map(s => ({ step: s.step, ...s.test }));
    if (run.tests?.[twin] && at && at >= all.length) tests.push({ step: all.length, ...run.tests[twin] });
    return [
      { type: 'line', id: twin, twin, name: named(run, twin), data: points(past, measure) },
      { type: 'line', id: `${twin}-test`, twin, role: 'test', name: `${named(run, twin)}, test`, data: points(tests, measure) },
    ];
  });
  const older = kept.map(line => ({ type: 'line', id: `kept-${line.id}`, twin: line.twin, role: 'kept', name: line.name, data: points(line.steps.filter(s => s.step <= run.steps), measure) }));
  const own = twins.flatMap(twin => [(steps[twin] ?? []).map(measure), lines.find(line => line.id === `${twin}-test`).data.map(p => p.value[1])]);
  const x = [base.xAxis].flat()[0], y = [base.yAxis].flat()[0];
  const top = run.curve === 'loss' ? ceiling(own, older.flatMap(line => line.data.map(p => p.value[1]))) : null;
  show('loss', {
    ...base, series: [...older, ...lines], xAxis: { ...x, min: 0, max: run.steps },
    yAxis: top ? { ...y, max: top.at, name: `${y.name}; the highest, ${short(top.highest)}, is off the scale` } : y,
  });
}

function bars(base, run, steps, at, twins) {
  const series = twins.map(twin => {
    const of = steps[twin] ?? [], step = of[Math.min(at, of.length) - 1];
    return { type: 'bar', id: twin, twin, name: named(run, twin), data: placed(run, twin, step) };
  });
  const starts = twins.map(twin => ({ type: 'line', id: `${twin}-start`, twin, role: 'start', name: `${named(run, twin)}, at step 0`, data: placed(run, twin, at ? steps[twin]?.[0] : null) }));
  const axis = [base.xAxis].flat()[0];
  show('gradients', { ...base, xAxis: { ...axis, data: run.layers ?? axis.data ?? [] }, series: [...series, ...starts] });
}

/** A step's gradients at the places of their layers among those of both twins: a layer that only the other has is left out. */
function placed(run, twin, step) {
  const data = step ? (run.layers ?? []).map(() => ({ value: null })) : [];
  step?.grad_norms.forEach((value, k) => { data[run.strip.places[twin][k]] = { value }; });
  return data;
}

/** The map shows every step that has arrived; where they are many, every second, fifth … of them. */
function map(base, run, steps, at, twins) {
  const every = Math.ceil(run.steps / columns);
  const series = twins.map(twin => ({
    type: 'heatmap', id: twin, twin, name: twin,
    data: (steps[twin] ?? []).filter(s => s.step % every === 0).flatMap(s => s.grad_norms.map((value, k) => ({ layer: run.strip.places[twin][k], step: s.step, column: s.step / every, value }))),
  }));
  const names = Array.from({ length: Math.ceil(run.steps / every) }, (_, i) => i * every);
  const axis = [base.xAxis].flat()[0], layers = [base.yAxis].flat()[0];
  show('gradients', {
    ...base, series, at: at ? Math.floor((at - 1) / every) : null,
    xAxis: { ...axis, data: names, name: every > 1 ? `${axis.name}, every ${ordinal(every)} drawn` : axis.name },
    yAxis: { ...layers, data: run.layers ?? layers.data ?? [] },
  });
}

/** 2nd, 3rd, 21st, 12th … */
function ordinal(n) {
  const teen = n % 100 > 10 && n % 100 < 14;
  return n + (teen ? 'th' : ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
}
