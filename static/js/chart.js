// Draws the figures: the server says what is in them (views/chart), this module how they look.
//
// A figure is a <figure data-figure="id"> with a [data-chart] element to draw in and its option as JSON beside it. Colours
// and sizes come from the design tokens, so a change of theme or width draws anew. Everything that ECharts needs mended
// is mended here and nowhere else.
import * as echarts from '../vendor/echarts/echarts.min.js';
import { decades, power, precise, short, times } from './number.js';

let dressHeat; // of the pages that draw heat maps, see chart-heat.js: the others do not load it

/** Gives what dresses heat maps. */
export function drawHeat(dress) { dressHeat = dress; }

const calm = matchMedia('(prefers-reduced-motion: reduce)');
const figures = new Map(); // id -> { element, chart, option }

/** Finds the page's figures and draws them. */
export function mount(root = document) {
  for (const figure of root.querySelectorAll('[data-figure]:has([data-chart])')) {
    const id = figure.dataset.figure;
    const element = figure.querySelector('[data-chart]');
    const chart = echarts.init(element, null, { renderer: 'canvas' });
    figures.set(id, { element, chart, option: null });
    show(id, JSON.parse(document.getElementById('option-' + id).textContent), element.getAttribute('aria-label'));
    new ResizeObserver(() => { chart.resize(); figures.get(id).look = null; redraw(id); }).observe(element);
  }
}

// What a chart says where one points goes by Escape, and comes when one points anew.
addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const { chart } of figures.values()) {
    chart.dispatchAction({ type: 'hideTip' });
    chart.dispatchAction({ type: 'updateAxisPointer', currTrigger: 'leave' });
  }
});

/** Draws an option, as views/chart makes it, into the figure with the id. */
export function show(id, option, label) {
  const figure = figures.get(id);
  figure.option = option;
  if (label !== undefined) figure.label = label;
  redraw(id);
}

/** The ECharts instance of a figure, for what wants its events. */
export const instance = id => figures.get(id)?.chart;

function redraw(id) {
  const figure = figures.get(id), { element, chart, option, label } = figure;
  const heat = !!option.heat, l = lookOf(figure), drawn = heat ? dressHeat(option, l, label) : dress(option, l, label);
  if (!heat && !calm.matches && element.closest('[data-glides]')) Object.assign(drawn, { animation: true, animationDuration: 0, animationDurationUpdate: 120 }); // as what stands above the bars
  chart.setOption(drawn, { notMerge: heat !== !!figure.heat, replaceMerge: ['xAxis', 'yAxis', 'series'] });
  figure.heat = heat;
  const step = element.closest('[data-figure]').querySelector('[data-line-step]');
  if (step) step.textContent = drawn.yAxis.interval > 1 ? times(drawn.yAxis.interval) : '10 times';
  element.toggleAttribute('data-empty', !option.series.some(s => s.data?.length));
  if (!heat && endRoom(option, l) > 0) spreadNames(chart, l.text);
}

/** Draws everything in another look. */
function anew() {
  for (const [id, figure] of figures) { figure.look = null; redraw(id); }
}
addEventListener('themechange', anew);
matchMedia('(forced-colors: active)').addEventListener('change', anew);
document.fonts?.ready.then(anew);

// ---- look: what the theme and the width say -------------------------------------------------

/** The look of a figure: read once for a theme and a size, since reading it has the whole page laid out. */
function lookOf(figure) {
  const { series } = figure.option, tones = series.map(s => `${s.id}-${s.tone}`).join();
  if (figure.look?.tones !== tones) figure.look = { tones, ...look(figure.element, series) };
  return figure.look;
}

/** Reads the design tokens that a chart uses. */
function look(element, series) {
  const probe = document.createElement('i');
  element.parentElement.append(probe);
  const forced = matchMedia('(forced-colors: active)').matches; // the bars keep their colours, all else has the reader's
  const color = (token, system) => {
    probe.style.forcedColorAdjust = system ? 'auto' : 'none';
    probe.style.color = forced && system ? system : `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const style = getComputedStyle(element);
  const length = size => { probe.style.textIndent = size; return parseFloat(getComputedStyle(probe).textIndent); }; // in px
  const found = {
    plain: color('plain'), residual: color('residual'), ink: color('ink', 'CanvasText'), ink2: color('ink-2', 'CanvasText'), sheet: color('sheet', 'Canvas'),
    line: forced ? color('ink', 'CanvasText').replace(/^rgb\((.*)\)$/, 'rgba($1, .35)') : color('line'), // the grey of what is disabled may be a loud green
    font: style.getPropertyValue('--sans').trim(), text: length('var(--chart-text)'),
    shades: new Map(series.filter(s => s.tone).map(s => [s.id, color(`${s.twin}-${s.tone}`)])), // of lines beside their twin's own colour
    stroke: length('var(--chart-line)'), left: length('calc(var(--net-left) * var(--net-scale))'), right: length('calc(var(--net-right) * var(--net-scale))'), width: element.clientWidth, height: element.clientHeight,
  };
  probe.remove();
  return found;
}

// ---- dress: from what is drawn to how -------------------------------------------------------

function dress(option, l, label) {
  const x = first(option.xAxis), y = first(option.yAxis);
  const log = y.type === 'log' ? decades([...option.series, ...Object.values(option.hollow ?? {}).map(data => ({ data: data.map(value => ({ value })) }))], l.height / (l.text * 2.6), option.series[0]?.type === 'line' && !option.depths ? 1 : 2) : null;
  return {
    animation: false,
    textStyle: { fontFamily: l.font, fontSize: l.text, color: l.ink },
    aria: { enabled: true, label: { enabled: true, description: label } },
    grid: option.network ? { left: l.left, right: l.right, top: l.text * (option.series.some(s => says(s, option, l)) ? 1.6 : 1), bottom: l.text * 3.5 } : { left: l.text * (log ? 4.4 : 3.6), right: l.text * (1.2 + endRoom(option, l)), top: l.text * (y.name ? 2 : option.series.some(s => says(s, option, l)) ? 1.6 : 1), bottom: l.text * 3.5 },
    tooltip: tooltip(l, x, option.depths),
    xAxis: xAxis(x, l, option.depths, option.picked),
    yAxis: yAxis(y, l, log, option),
    series: option.series.map((s, i) => option.depths ? depthLine(s, i, l, log) : series(s, l, log, option)),
  };
}

const first = axis => Array.isArray(axis) ? axis[0] : axis;

function xAxis(x, l, depths, picked) {
  const category = x.type === 'category';
  return {
    ...x, nameLocation: 'middle', nameGap: l.text * 2.2, nameTextStyle: { color: l.ink2, fontSize: l.text },
    axisLabel: { color: l.ink2, fontSize: l.text, hideOverlap: true, formatter: category ? undefined : String, interval: category ? every(x.data.length, x.data, l, picked) : undefined, customValues: depths, ...picking(picked, l) },
    axisTick: { show: !category, lineStyle: { color: l.ink2 }, customValues: depths }, axisLine: { lineStyle: { color: l.ink2 }, onZero: false },
    splitLine: { show: false }, splitNumber: Math.max(2, Math.round(l.width / (l.text * 8))),
    max: category ? undefined : x.max ?? 'dataMax',
  };
}

/** Which categories have a label: every one where there is room, else 1, k, 2k … and never two that touch. */
function every(count, names, l, picked) {
  const longest = Math.max(...names.map(n => String(n).length), 1);
  const room = (l.width - (l.taken ?? 6 * l.text)) / (l.text * (longest * .62 + 1));
  const step = [1, 2, 5, 10, 20, 25, 50].find(k => count / k <= room) ?? 100;
  const first = names[0] === 'x' ? 0 : 1; // the input stands before layer 1
  return index => step === 1 || index === 0 || (index + first) % step === 0 || names[index] === picked;
}

/** The category in hand has its name set off. */
function picking(picked, l) {
  if (picked === undefined) return {};
  return {
    formatter: name => name === picked ? `{picked|${name}}` : name,
    rich: { picked: { color: l.sheet, backgroundColor: l.ink, fontSize: l.text, fontWeight: 600, padding: [3, 6], borderRadius: 4 } },
  };
}

function yAxis(y, l, log, option) {
  const axis = {
    ...y, nameTextStyle: { color: l.ink2, fontSize: l.text, align: 'left' }, nameGap: l.text * .6,
    axisLabel: { color: l.ink2, fontSize: l.text, formatter: short }, splitLine: { lineStyle: { color: l.line } },
    axisLine: { show: false }, axisTick: { show: false }, splitNumber: Math.max(2, Math.round(l.height / (l.text * 4.5))),
  };
  if (!log && !option.series.some(s => s.data.length)) return { ...axis, min: y.min ?? 0, max: y.max ?? 1, axisLabel: { show: false } }; // as above
  if (!log) return { ...axis, min: y.min ?? 0, max: y.max, interval: y.max === 1 ? .25 : undefined }; // a share
  return {
    ...axis, min: 10 ** log.low, max: 10 ** log.high, startValue: 10 ** log.low, // bars start at the floor, not at 1
    interval: log.step,
    axisLabel: { ...axis.axisLabel, show: !log.empty, formatter: v => power(Math.round(Math.log10(v))) },
  };
}

function series(s, l, log, option) {
  if (s.role === 'kept') return keptLine(s, l, log);
  if (s.role === 'start') return startDashes(s, l, log, option);
  const residual = s.twin === 'residual';
  const color = s.role === 'count' ? l.ink2 : residual ? l.residual : l.plain;
  const opacity = option.faint?.includes(s.id) ? .28 : 1;
  if (s.type === 'bar') {
    return {
      ...s, barGap: '6%', barCategoryGap: '22%', emphasis: { disabled: true },
      itemStyle: { color, opacity, decal: residual ? { symbol: 'none' } : { symbol: 'rect', symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: -Math.PI / 4, color: l.sheet } },
      data: s.data.map((d, i) => quiet(option.zeros?.[s.id], i, hollow(option.hollow?.[s.id]?.[i], d, l, color) ?? mark(d, log, color, l, says(s, option, l) ? aboveDash(s, i, d, option, l, log) : 0))),
    };
  }
  if (s.role === 'draw') return drawnDots(s, color, l);
  const test = s.role === 'test';
  const dots = s.data.length < 2;
  return {
    ...s, data: s.data.map(d => { const [at, v] = d.value ?? d; return [at, typeof v === 'number' && !(log && v <= 0) ? v : null, v]; }),
    connectNulls: false, showSymbol: dots || test, symbol: residual ? 'rect' : 'circle', symbolSize: test ? l.stroke * 2.2 : l.stroke * 3, emphasis: { disabled: true },
    itemStyle: { color, opacity }, lineStyle: { color, width: l.stroke, opacity, type: test ? 'dashed' : 'solid' },
    endLabel: { show: endRoom({ series: [s] }, l) > 0, formatter: s.name, color, fontSize: l.text, distance: l.text * .4 },
  };
}

/** What a line is the mean of: dots, which no tooltip lists. */
function drawnDots(s, color, l) {
  return {
    ...s, type: 'scatter', data: s.data.map(({ value }) => value), symbol: s.twin === 'residual' ? 'rect' : 'circle', symbolSize: l.stroke * 2,
    itemStyle: { color, opacity: .45 }, emphasis: { disabled: true }, z: 1,
  };
}

/** The line of an earlier run: grey, and thin; a plain net's is dotted. */
function keptLine(s, l, log) {
  return {
    ...s, data: s.data.map(({ value: [at, v] }) => [at, typeof v === 'number' && !(log && v <= 0) ? v : null, v]),
    showSymbol: false, emphasis: { disabled: true }, z: 1, itemStyle: { color: l.ink2 },
    lineStyle: { color: l.ink2, width: l.stroke * .6, opacity: .7, type: s.twin === 'plain' ? 'dotted' : 'solid' },
  };
}

/** What bars were at the start: a dash at the height of each. A zero has no height. */
function startDashes(s, l, log, option) {
  const bars = option.series.filter(other => other.type === 'bar').length;
  const width = Math.max(2, (l.width - 5.6 * l.text) / Math.max(1, s.data.length) * .78 / bars);
  const color = s.twin === 'residual' ? l.residual : l.plain;
  return {
    ...s, data: s.data.map(d => ({ value: typeof d.value === 'number' && d.value !== 0 ? Math.abs(d.value) : null, raw: d.value })), z: 3, emphasis: { disabled: true },
    showSymbol: true, showAllSymbol: true, symbol: 'rect', symbolSize: [width, l.stroke], symbolOffset: bars > 1 ? [width * (s.twin === 'residual' ? .53 : -.53), 0] : [0, 0],
    itemStyle: { color, borderColor: l.sheet, borderWidth: 1 }, lineStyle: { width: 0, opacity: 0 },
  };
}

const markers = ['circle', 'rect', 'triangle', 'diamond']; // filled, then hollow: handlers/board/sweep.go names them so

/**
 * A line over depth, with a marker of its own and its name at its end. Zero has no place on a log axis, and what is not
 * finite has none at all: it is a word on the floor or under the ceiling.
 */
function depthLine(s, order, l, log) {
  const color = l.shades.get(s.id) ?? (s.twin === 'residual' ? l.residual : l.plain), hollow = order % 8 >= 4;
  return {
    ...s, symbol: markers[order % 4], symbolSize: l.stroke * (order % 4 === 1 ? 3.2 : 3.8), showSymbol: true, showAllSymbol: true, emphasis: { disabled: true },
    itemStyle: { color: hollow ? l.sheet : color, borderColor: color, borderWidth: l.stroke * .7 }, lineStyle: { color, width: l.stroke, type: hollow ? 'dashed' : 'solid' },
    data: s.data.map(({ value: [at, v] }) => {
      if (typeof v === 'number' && !(log && v === 0)) return { value: [at, v], raw: v };
      if (!log) return { value: [at, null], raw: v };
      return { value: [at, 10 ** (v === 'inf' ? log.high : log.low)], raw: v, label: { show: true, formatter: precise(v), position: v === 'inf' ? 'bottom' : 'top', color, fontSize: l.text, fontWeight: 600 } };
    }),
    endLabel: { show: endRoom({ series: [s] }, l) > 0, formatter: s.name, color, fontSize: l.text, distance: l.text * .5 },
  };
}

/** Moves the names at the lines' ends into one column, apart where lines end close together. ECharts' own labelLayout leaves these alone. */
function spreadNames(chart, text) {
  const names = chart.getOption().series.flatMap((s, seriesIndex) => {
    const end = s.data.at(-1), last = end?.value ?? end;
    return last?.[1] == null || !s.endLabel?.show ? [] : [{ id: s.id, end: chart.convertToPixel({ seriesIndex }, last) }];
  }).map(({ id, end: [x, y] }) => ({ id, x, y: Math.max(y, text * 2) })) // a line may leave the figure at its top
    .sort((a, b) => a.y - b.y);
  const column = Math.max(...names.map(n => n.x));
  const gap = text * 1.15, at = names.map(n => n.y);
  for (let round = 0; round < 20; round++) { // pairs push each other apart
    for (let i = 1; i < at.length; i++) {
      const push = (gap - (at[i] - at[i - 1])) / 2;
      if (push > 0) { at[i] += push; at[i - 1] -= push; }
    }
  }
  const floor = chart.getHeight() - text * 4; // below it stand the names of the axis
  for (let i = at.length - 1, low = floor; i >= 0; i--, low = at[i + 1] - gap) at[i] = Math.min(at[i], low);
  chart.setOption({ series: names.map((n, i) => ({ id: n.id, endLabel: { offset: [column - n.x, at[i] - n.y] } })) });
}

/** The room that the names at the lines' ends take, in ems. */
function endRoom(option, l) {
  const named = option.series.filter(s => s.type === 'line' && s.data.length && !['kept', 'start', 'draw'].includes(s.role));
  return l.width > l.text * 38 && named.length ? .6 + .54 * Math.max(...named.map(s => s.name.length)) : 0;
}

// ---- bars and tooltips ------------------------------------------------------------------------

/** Whether each bar of a series says its value: they are few, and as wide as the longest of what they say. */
function says(s, option, l) {
  const bar = (l.width - 5 * l.text) / s.data.length * .78 / option.series.length;
  return s.type === 'bar' && s.data.length <= 6 && l.width > 500 && bar > l.text * .6 * Math.max(...s.data.map(d => precise(d.value).length));
}

/**
 * A bar: the size of the value; a zero, and what is not finite, has no size, so it is a word on the floor. Where bars are
 * few, each says its value, with its sign, so many pixels above; 0 where it does not.
 */
function mark(d, log, color, l, said) {
  const value = d.value, raw = value;
  if (!log && value === 0) return { value, raw };
  if (value === null) return { value: '-' }; // this twin has no such layer
  if (typeof value === 'number' && value !== 0) {
    const bar = { value: Math.abs(value), raw };
    return said ? { ...bar, label: { show: true, position: 'top', distance: said, formatter: precise(value), color, fontSize: l.text, fontWeight: 600 } } : bar;
  }
  const word = { nan: 'NaN', inf: '∞', '-inf': '−∞' }[value] ?? precise(0 * value);
  const endless = word.endsWith('∞');
  return {
    value: 10 ** (endless ? log.high : log.low), raw,
    label: { show: true, position: endless ? 'insideTop' : 'top', formatter: word, color: endless ? l.sheet : color, fontSize: l.text, fontWeight: 600 },
  };
}

/** How far above its bar a value stands, in pixels: above the dash of the start, too, where that would cross it. */
function aboveDash(s, i, d, option, l, log) {
  const gap = 5, start = option.series.find(other => other.role === 'start' && other.twin === s.twin)?.data[i]?.value;
  if (!log || !start) return gap;
  const up = Math.log10(Math.abs(start / d.value)) / (log.high - log.low) * (l.height - 5.1 * l.text); // the grid of a figure that says values
  return up > 0 && up < gap + 1.2 * l.text ? up + gap : gap;
}

/** A bar in a run of zeros, which one bracket names, says nothing itself. */
const quiet = (runs, i, bar) => runs?.some(([from, to]) => i >= from && i <= to) ? { ...bar, label: undefined } : bar;

/** A bar in outline: 0 in its own precision, though the exact value is not. */
function hollow(exact, d, l, color) {
  if (typeof exact !== 'number') return null;
  return {
    value: Math.abs(exact), raw: d.value, exact,
    itemStyle: { opacity: .8, color: 'transparent', borderColor: color, borderType: 'dashed', borderWidth: Math.max(1.5, l.stroke / 2), decal: { symbol: 'none' } },
    label: { show: true, position: 'top', formatter: precise(d.value), color, fontSize: l.text, fontWeight: 600 },
  };
}

/** What is counted, with its number: 1 hidden layer, 20 hidden layers. */
const counted = (n, things) => `${n} ${n === 1 ? things.replace(/s$/, '') : things}`;

/** HTML tooltips would need inline styles, which the policy forbids: rich text is drawn on the canvas. */
function tooltip(l, x, depths) {
  return {
    trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow', shadowStyle: { color: l.line, opacity: .35 } },
    backgroundColor: l.sheet, borderColor: l.line, textStyle: { color: l.ink, fontSize: l.text, fontFamily: l.font },
    formatter: items => [depths ? counted(items[0].axisValue, x.name) : items[0].axisValue, ...items.filter(i => i.seriesType !== 'scatter').map(i => `${i.seriesName}  ${precise(i.data.raw ?? i.data[2] ?? i.value)}${i.data.exact === undefined ? '' : ` (float64: ${precise(i.data.exact)})`}`)].join('\n'),
  };
}
