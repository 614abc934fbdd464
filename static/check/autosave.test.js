import test from 'node:test';
import assert from 'node:assert/strict';
import { autosave } from '../js/autosave.js';
import { clock } from './clock.js';

/** A text, and a server that takes it when it is told to. */
function desk() {
  const d = { text: '', kept: '', sent: [], answer: null };
  d.saver = autosave({
    pause: 700,
    dirty: () => d.text !== d.kept,
    send: () => {
      const text = d.text;
      d.sent.push(text);
      return new Promise(done => { d.answer = outcome => { if (outcome === 'saved') d.kept = text; done(outcome); }; });
    },
  });
  return d;
}

test('one save at a time, and again where something changed meanwhile', async t => {
  const { pass, settle } = clock(t);
  const d = desk();
  d.text = 'a';
  d.saver.soon();
  await pass(699);
  assert.deepEqual(d.sent, []);
  await pass(1);
  assert.deepEqual(d.sent, ['a']);
  d.text = 'ab';
  const second = d.saver.save(), third = d.saver.save();
  await settle();
  assert.deepEqual(d.sent, ['a'], 'while the first is on its way');
  d.answer('saved');
  await settle();
  assert.deepEqual(d.sent, ['a', 'ab']);
  d.answer('saved');
  assert.deepEqual(await Promise.all([second, third]), ['saved', 'saved']);
  assert.deepEqual([d.sent, d.kept], [['a', 'ab'], 'ab']);
  assert.equal(d.saver.saving(), null);
});

test('where the server does not answer it is tried again, more and more rarely', async t => {
  const { pass, settle } = clock(t);
  const d = desk();
  d.text = 'a';
  d.saver.save();
  for (const wait of [2000, 4000, 8000, 16000, 30000, 30000]) {
    const before = d.sent.length;
    d.answer('again');
    await settle();
    await pass(wait - 1);
    assert.equal(d.sent.length, before, `before ${wait} ms`);
    await pass(1);
    assert.equal(d.sent.length, before + 1, `after ${wait} ms`);
  }
  d.answer('saved');
  await settle();
  assert.equal(d.kept, 'a');
});

test('what is refused waits for its writer', async t => {
  const { pass } = clock(t);
  const d = desk();
  d.text = 'a';
  const saved = d.saver.save();
  d.answer('refused');
  assert.equal(await saved, 'refused');
  await pass(100_000);
  assert.deepEqual(d.sent, ['a']);
  d.text = 'b';
  d.saver.soon();
  await pass(700);
  assert.deepEqual(d.sent, ['a', 'b']);
});
