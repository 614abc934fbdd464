// What a gradient does on its way through a net, drawn as a band: the same as handlers/board/net_ribbon.go draws.

/**
 * The band of values, one a column, from the input to the output, as an SVG path around y = 0: half as high as a value's share
 * of the largest, exponential between two; "" where a value is not finite, or all are 0.
 */
export function ribbon(values, columns) {
  const most = Math.max(...values);
  if (!(most > 0) || most === Infinity) return '';
  const between = Math.max(1, Math.min(4, Math.floor(80 / columns))); // straight pieces from one unit to the next
  const last = values.length - 1, points = [[columns, values[last]]];
  for (let i = last; i > 0; i--) for (let k = 0; k < between; k++) points.push([i + .5 - k / between, toward(values[i], values[i - 1], k / between)]);
  points.push([.5, values[0]]);
  const way = points.map(([x, v]) => [x.toFixed(2), (v / most).toFixed(3)]);
  return `M${[...way.map(([x, h]) => `${x} -${h}`), ...way.reverse().map(([x, h]) => `${x} ${h}`)].join('L')}Z`;
}

const toward = (a, b, t) => a > 0 && b > 0 ? a ** (1 - t) * b ** t : a + (b - a) * t;

/** The norms of the gradients of all weights of each unit but the last, the head, from those of the layers and the unit of each; null without layers. */
export function norms(units, layers) {
  const sums = Array(units.at(-1)).fill(0);
  layers.forEach((norm, k) => { if (units[k] < sums.length) sums[units[k]] += (typeof norm === 'number' ? norm : NaN) ** 2; });
  return sums.map(Math.sqrt);
}

/** What the first unit gets for each 1 in the last, and what that means; `words` say so, up to bounds. */
export function arrival(values, words) {
  if (!values) return { share: '–', word: '' };
  const first = values[0], last = values.at(-1);
  if (!values.every(Number.isFinite)) return { share: '–', word: 'no number' };
  if (values.length === 1) return { share: '–', word: '' };
  if (last === 0) return first === 0 ? { share: 0, word: 'nothing arrives' } : { share: '–', word: 'the last gets 0' };
  const share = first / last;
  return { share: Number(share.toPrecision(2)), word: words.find(w => !w.below || share < w.below).word };
}
