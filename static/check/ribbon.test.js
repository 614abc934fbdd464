import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { arrival, norms, ribbon } from '../js/ribbon.js';

// The server draws these, too: handlers/board/net_ribbon_test.go.
test('a ribbon is drawn as the server draws it', () => {
  for (const { values, columns, path } of JSON.parse(readFileSync(new URL('ribbon.json', import.meta.url), 'utf8'))) assert.equal(ribbon(values, columns), path);
  assert.equal(ribbon([1, NaN], 3), '');
  assert.equal(ribbon([1, Infinity], 3), '');
});

test('a block’s gradient is that of all its weights, the head’s is left out', () => {
  assert.deepEqual(norms([0, 1, 1, 2], [2, 3, 4, 9]), [2, 5]);
  assert.ok(Number.isNaN(norms([0, 1, 2], ['nan', 1, 1])[0]));
});

test('what arrives is told against the last block', () => {
  const words = [{ below: .001, word: 'vanished' }, { below: 10, word: 'arrives' }, { below: 0, word: 'exploded' }];
  for (const [values, share, word] of [
    [[1e-6, 1, 2], 5e-7, 'vanished'], [[3, 9, 2], 1.5, 'arrives'], [[3e6, 1], 3e6, 'exploded'], [[0, 0], 0, 'nothing arrives'],
    [[1, 0], '–', 'the last gets 0'], [[NaN, 1], '–', 'no number'], [[1], '–', ''], [null, '–', ''],
  ]) assert.deepEqual(arrival(values, words), { share, word });
});
