// The look of a map of layers × steps: a panel for each twin on one logarithmic scale of colours.
//
// The colours are those of cividis (Nuñez, Anderton, Renslow 2018), made to look alike to readers with and without a
// weakness for colours, and brighter throughout. A cell that is exactly 0 is empty with an outline; one that is not
// finite is struck out.
import { decades, power, precise } from './number.js';

const cividis = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'];

/** Dresses an option of views/chart's HeatByLayerAndStep, filled by the lab's script. */
export function dressHeat(option, l, label) {
  const x = { data: [], ...[option.xAxis].flat()[0] }, y = { data: [], ...[option.yAxis].flat()[0] };
  const span = decades(option.series, 8), bare = !option.series.some(s => s.data.length);
  const panels = option.series.length, stacked = panels > 1 && l.width < l.text * 34;
  const longest = Math.max(...y.data.map(n => n.length), 1);
  const left = l.text * Math.min(2 + longest * .55, 11), right = l.text * 4.6, gap = l.text * 1.4, top = l.text * 2, bottom = l.text * 3.4;
  const wide = (l.width - left - right - (stacked ? 0 : gap * (panels - 1))) / (stacked ? 1 : panels);
  const high = (l.height - top - bottom - (stacked ? top * (panels - 1) : 0)) / (stacked ? panels : 1);
  const each = f => option.series.map((_, i) => f(i));
  const place = i => ({ left: stacked ? left : left + i * (wide + gap), top: stacked ? top + i * (high + top) : top, width: wide, height: high });
  const roomy = wide / Math.max(x.data.length, 1) > l.text && high / Math.max(y.data.length, 1) > l.text;
  const said = { fontSize: l.text, fontFamily: l.font };
  return {
    animation: false,
    textStyle: { fontFamily: l.font, fontSize: l.text, color: l.ink },
    aria: { enabled: true, label: { enabled: true, description: label } },
    grid: each(place),
    title: each(i => ({ show: !(bare && stacked), text: option.series[i].name, left: place(i).left, top: place(i).top - l.text * 1.5, padding: 0, textStyle: { ...said, fontWeight: 600, color: option.series[i].twin === 'residual' ? l.residual : l.plain } })),
    xAxis: each(i => ({
      type: 'category', gridIndex: i, data: x.data, name: x.name, nameLocation: 'middle', nameGap: l.text * 2, nameTextStyle: { color: l.ink2, ...said },
      axisLabel: { color: l.ink2, ...said, hideOverlap: true, show: !stacked || i === panels - 1 }, axisTick: { show: false }, axisLine: { lineStyle: { color: l.ink2 } },
      ...(stacked && i < panels - 1 ? { name: '' } : {}),
    })),
    yAxis: each(i => ({
      type: 'category', gridIndex: i, data: y.data, inverse: true, // the input on top
      axisLabel: { color: l.ink2, ...said, show: stacked ? !bare : i === 0, interval: Math.ceil(y.data.length * l.text * 1.2 / high) - 1, width: left - l.text, overflow: 'truncate' },
      axisTick: { show: false }, axisLine: { show: false },
    })),
    visualMap: {
      type: 'continuous', show: !span.empty, dimension: 2, min: span.low, max: span.high, calculable: false, inRange: { color: cividis }, seriesIndex: each(i => i),
      right: 0, top, itemHeight: Math.max(40, l.height - top - bottom - l.text * 3.4), itemWidth: l.text, text: [power(span.high), power(span.low)], textStyle: { color: l.ink2, ...said },
    },
    tooltip: {
      trigger: 'item', renderMode: 'richText', backgroundColor: l.sheet, borderColor: l.line, textStyle: { color: l.ink, ...said },
      formatter: item => `${item.seriesName}, ${y.data[item.data.layer]}, step ${item.data.step}\n${precise(item.data.raw)}`,
    },
    series: each(i => ({
      type: 'heatmap', id: option.series[i].id, name: option.series[i].name, xAxisIndex: i, yAxisIndex: i, emphasis: { disabled: true }, progressive: 0,
      data: option.series[i].data.map(d => cell(d, l, roomy)),
      markLine: option.at == null ? { data: [] } : { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: l.ink, width: l.stroke * .8, type: 'solid' }, data: [{ xAxis: option.at }] },
    })),
  };
}

function cell(d, l, roomy) {
  const { layer, step, column, value } = d;
  if (typeof value === 'number' && value !== 0) return { value: [column, layer, Math.log10(Math.abs(value))], raw: value, layer, step };
  const zero = value === 0;
  return {
    value: [column, layer, 0], raw: value, layer, step, visualMap: false,
    itemStyle: { color: zero ? l.sheet : l.ink, borderColor: l.ink2, borderWidth: .5 },
    label: { show: roomy, formatter: precise(value), color: zero ? l.ink : l.sheet, fontSize: l.text * .8 },
  };
}
