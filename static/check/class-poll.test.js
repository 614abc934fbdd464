import test from 'node:test';
import assert from 'node:assert/strict';
import { poll } from '../js/class-poll.js';
import { clock } from './clock.js';

test('a page without a stream asks soon after a change, and ever more rarely while nothing happens', async t => {
  const { pass } = clock(t);
  t.mock.method(Math, 'random', () => .5); // the pause itself
  const asked = [];
  let changed = true;
  const stop = poll({ ask: async () => { asked.push(Date.now()); return changed; }, listen() {} });
  await pass(6000);
  assert.deepEqual(asked, [1500, 3000, 4500, 6000]);
  changed = false;
  await pass(60_000);
  const gaps = asked.slice(5).map((at, i) => at - asked[i + 4]);
  assert.ok(gaps.every((gap, i) => i === 0 || gap >= gaps[i - 1]), `${gaps}`);
  assert.ok(gaps.at(-1) === 12_000, `${gaps}`);
  stop();
  const count = asked.length;
  await pass(60_000);
  assert.equal(asked.length, count, 'after it was stopped');
});

test('a server that does not answer is asked more rarely, and a stream is tried now and then', async t => {
  const { pass } = clock(t);
  let asked = 0, streams = 0;
  const stop = poll({ ask: async () => { asked++; throw new Error('away'); }, listen() { streams++; } });
  await pass(120_000);
  stop();
  assert.ok(asked >= 8 && asked <= 20, `asked ${asked} times`);
  assert.ok(streams >= 2 && streams <= 4, `${streams} streams tried`);
});
