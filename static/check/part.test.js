import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '../js/part.js';

test('what is too much, or not to be had now, is sent again; what is wrong is not', () => {
  for (const [status, outcome] of [[200, 'saved'], [204, 'saved'], [404, 'refused'], [409, 'refused'], [422, 'refused'], [429, 'again'], [500, 'again'], [503, 'again']]) {
    assert.equal(outcomeOf({ ok: status < 300, status }), outcome, `${status}`);
  }
});
