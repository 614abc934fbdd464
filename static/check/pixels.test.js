import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { count, decode, dimensions, encode } from '../js/pixels.js';

// What the server's own tests hold it to: [[grey, how many], …] and the picture as a part of a link.
const shared = JSON.parse(readFileSync(new URL('pictures.json', import.meta.url), 'utf8'));

test('a picture is written as the server writes it', () => {
  for (const { runs, text } of shared) {
    const pixels = new Uint8Array(count);
    pixels.set(runs.flatMap(([grey, times]) => Array(times).fill(grey)));
    assert.equal(encode(pixels), text);
    assert.deepEqual(decode(text), pixels);
  }
});

test('every picture comes back', () => {
  let seed = 7;
  const random = most => (seed = seed * 48271 % 2147483647) % most;
  for (let round = 0; round < 500; round++) {
    const pixels = new Uint8Array(count), greys = 1 + random(255);
    for (let at = 0; at < count;) for (let n = 1 + random(round % 200 + 1), grey = random(greys); n > 0 && at < count; n--) pixels[at++] = grey;
    assert.deepEqual(decode(encode(pixels)), pixels);
  }
});

const view = bytes => new DataView(Uint8Array.from(bytes).buffer);

test('the size that a file declares', () => {
  const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 1, 44, 0, 0, 0, 200, 8];
  assert.deepEqual(dimensions(view(png)), { width: 300, height: 200 });
  const jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc0, 0, 11, 8, 0, 200, 1, 44, 1, 0, 0, 0, 0];
  assert.deepEqual(dimensions(view(jpeg)), { width: 300, height: 200 });
  for (const other of [[], [0xff, 0xd8], [0xff, 0xd8, 0xff, 0xe0, 0, 0, 1, 1, 1, 1, 1, 1], [1, 2, 3], png.slice(0, 20)]) assert.equal(dimensions(view(other)), null);
});
