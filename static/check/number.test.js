import test from 'node:test';
import assert from 'node:assert/strict';
import { ceiling, decades, power, precise, short } from '../js/number.js';

test('an axis says a number in three digits, or as a power of ten', () => {
  for (const [v, said] of [[0, '0'], [.5, '0.5'], [-12.345, '−12.3'], [1234, '1230'], [99999, '100000'], [2e6, '2·10⁶'], [1.5e6, '1.5·10⁶'], [-3.94e-13, '−3.9·10⁻¹³'], [.001, '0.001']]) {
    assert.equal(short(v), said);
  }
});

test('a tooltip says what has no place on an axis, too', () => {
  for (const [v, said] of [['nan', 'NaN'], ['inf', '∞'], ['-inf', '−∞'], [-0, '−0'], [0, '0'], [.25, '0.2500'], [-12.345678, '−12.346'], [1e5, '1.00·10⁵'], [3.94e-13, '3.94·10⁻¹³']]) {
    assert.equal(precise(v), said);
  }
});

test('powers of ten', () => assert.deepEqual([0, 1, 5, -12].map(power), ['1', '10', '10⁵', '10⁻¹²']));

// Every value lies within the axis, whose ends are whole steps, of which there are at most as many as there is room for.
test('an axis of decades holds its values', () => {
  let seed = 1;
  const random = () => (seed = seed * 48271 % 2147483647) / 2147483647;
  for (let round = 0; round < 2000; round++) {
    const values = Array.from({ length: 1 + Math.floor(random() * 5) }, () => 10 ** (random() * 100 - 60)), room = 3 + Math.floor(random() * 10);
    const { low, high, step } = decades([{ data: values.map((value, i) => i % 2 ? { value } : { value: [i, -value] }) }], room);
    for (const v of values) assert.ok(10 ** low <= v && v <= 10 ** high, `${v} in 10^${low}…10^${high}`);
    assert.ok(Math.abs(low % step) === 0 && Math.abs(high % step) === 0);
    assert.ok((high - low) / step <= room + 2, `${low}…${high} by ${step}, room for ${room}`);
  }
});

test('an axis without a value is empty', () => assert.equal(decades([{ data: [{ value: 0 }, { value: 'nan' }] }], 8).empty, true));

// Of a run whose loss goes from 2.3 to 0.06 with one step at 174, the axis shows the run.
test('a spike does not set where an axis ends', () => {
  const run = Array.from({ length: 60 }, (_, i) => 2.3 * .94 ** i), spiked = run.map((v, i) => i === 30 ? 174 : v);
  assert.equal(ceiling([run]), null);
  assert.deepEqual(ceiling([run, spiked]), { at: 3, highest: 174 });
  assert.deepEqual(ceiling([run], [900]), { at: 3, highest: 900 }); // an earlier run's line does not, either
  assert.equal(ceiling([run, run.map(v => 8 / v)]), null); // what grows and stays is shown
  assert.deepEqual(ceiling([[174, 2, 2, 2, 2]]), null); // as is where a run begins
  for (const nothing of [[], [[]], [['nan']], [[0, 0]]]) assert.equal(ceiling(nothing), null);
});
