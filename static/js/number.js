// Numbers as the figures say them: on an axis, in a tooltip, in a sentence while a run is under way.

/** A number as an axis says it. */
export function short(v) {
  const size = Math.abs(v);
  if (v === 0) return '0';
  const whole = Number.isInteger(+v.toExponential(1).split('e')[0]); // 2·10⁶, but 1.5·10⁶
  const text = size >= 1e-3 && size < 1e5 ? String(+v.toPrecision(3)) : scientific(v, whole ? 0 : 1);
  return text.replace('-', '−');
}

/** A power of ten as an axis says it. */
export const power = e => e === 0 ? '1' : e === 1 ? '10' : `10${[...String(e)].map(c => raised[c]).join('')}`;

/** How many times more a line of an axis is than the one below, which is so many powers of ten away. */
export const times = e => `${e < 4 ? (10 ** e).toLocaleString('en') : power(e)} times`;

const raised = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

function scientific(v, digits) {
  const [mantissa, exponent] = v.toExponential(digits).split('e');
  return `${mantissa}·10${[...String(+exponent)].map(c => raised[c]).join('')}`;
}

/** A number as a tooltip says it: what is not finite, and −0, too. */
export function precise(v) {
  if (typeof v === 'string') return { nan: 'NaN', inf: '∞', '-inf': '−∞' }[v] ?? v;
  if (v === 0) return Object.is(v, -0) ? '−0' : '0';
  const size = Math.abs(v);
  return (size >= 1 && size < 1e5 ? String(+v.toPrecision(5)) : size >= .01 && size < 1 ? v.toFixed(4) : scientific(v, 2)).replace('-', '−');
}

/** The powers of ten that hold every value of the series that is neither zero nor broken: at least `least`, in at most `room` steps. */
export function decades(all, room, least = 2) {
  let low = Infinity, high = -Infinity;
  for (const s of all) {
    for (const d of s.data) {
      const size = Math.abs(Array.isArray(d.value) ? d.value[1] : d.value);
      if (!(size > 0 && size < Infinity)) continue;
      low = Math.min(low, size);
      high = Math.max(high, size);
    }
  }
  if (low === Infinity) return { low: -3, high: 0, step: 1, empty: true };
  const l = Math.floor(Math.log10(low) - .15), h = Math.max(Math.ceil(Math.log10(high) + .01), l + least);
  const step = [1, 2, 3, 5, 10, 20, 25, 50].find(k => (h - l) / k <= room) ?? 100;
  return { low: Math.floor(l / step) * step, high: Math.ceil(h / step) * step, step };
}

/**
 * Where the axis of the losses ends, so that a spike does not set it: above all but the largest twentieth of each of the run's
 * own lines, and above where each begins. Null where that leaves nothing out that matters.
 */
export function ceiling(own, others = []) {
  const numbers = list => list.filter(v => typeof v === 'number');
  const most = Math.max(...own.map(numbers).filter(list => list.length).map(list => Math.max(list[0], [...list].sort((a, b) => a - b)[Math.floor(.95 * (list.length - 1))])));
  const highest = Math.max(...numbers([...own, others].flat()));
  if (!(highest > 2 * most) || !(most > 0)) return null;
  const power = 10 ** Math.floor(Math.log10(most)), at = [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15].find(k => k * power >= 1.1 * most) * power;
  return highest > at ? { at, highest } : null;
}
