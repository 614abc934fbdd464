import test from 'node:test';
import assert from 'node:assert/strict';

Object.assign(globalThis, { localStorage: {}, document: { cookie: '' }, addEventListener() {} }); // what of a browser's window the module asks
const { comparable } = await import('../js/train-kept.js');

test('runs compare where net, images and batches are of one kind', () => {
  const run = (over = {}) => ({ settings: Object.entries({ net: 'deep CNN', n: 'blocks 3', data: 'images garments', count: 'training images 64', batch: 'batch size 32', seed: 'seed 0', ...over }).map(([name, text]) => ({ name, text })) });
  for (const same of [{}, { seed: 'seed 1' }, { n: 'blocks 9' }]) assert.ok(comparable(run(), run(same)));
  for (const other of [{ net: 'fully connected' }, { data: 'images noise' }, { count: 'training images 100' }, { batch: 'batch size 16' }]) assert.ok(!comparable(run(), run(other)));
});
