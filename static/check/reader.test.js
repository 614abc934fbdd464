import test from 'node:test';
import assert from 'node:assert/strict';

/** What of a browser's window the module uses. */
class Storage {
  getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; }
  setItem(key, text) { this[key] = String(text); }
  removeItem(key) { delete this[key]; }
}
const left = [], heard = {};
Object.assign(globalThis, {
  location: { pathname: '/class/K7RJ4QX', search: '?a=1', replace: to => left.push(to) },
  document: { cookie: '', documentElement: { dataset: {} } }, addEventListener(name, f) { (heard[name] ??= []).push(f); },
});
const draft = (text, era) => JSON.stringify({ fields: { text }, at: 1, ...era && { era } });
let pages = 0;

/** A page of a reader, "-" for nobody who has signed in, that finds a cookie. */
async function page(reader, cookie = '') {
  document.cookie = cookie;
  document.documentElement.dataset = reader === '-' ? {} : { reader };
  return import(`../js/reader.js?${++pages}`);
}

function begin(kept, typed = {}) {
  globalThis.localStorage = Object.assign(new Storage(), kept);
  globalThis.sessionStorage = Object.assign(new Storage(), typed);
  left.length = 0;
}

test('who deletes everything deletes nothing of another who uses the browser', async () => {
  begin({ 'draft - /class/K s1 t': draft('nobody'), 'draft aa /class/K s1 t': draft('Anna', 'x'), 'draft bb /class/K s1 t': draft('Ben'), 'classes aa': '[]', 'classes bb': '[]', 'forgotten aa': 'x', forgotten: 'y', other: '1' },
    { 'typed aa /questions/q': '[1]', 'typed bb /questions/q': '[2]', 'runs aa': '[1]', 'runs bb': '[2]', 'class-tab': 't' });
  await page('-', 'deleted=aa');
  assert.deepEqual(Object.keys(localStorage).sort(), ['classes bb', 'draft - /class/K s1 t', 'draft bb /class/K s1 t', 'forgotten', 'forgotten aa', 'reader']);
  assert.deepEqual(Object.keys(sessionStorage), ['typed bb /questions/q', 'runs bb']);
  assert.notEqual(localStorage['forgotten aa'], 'x'); // pages of Anna that are open keep nothing any more
  assert.equal(localStorage.forgotten, 'y');
  assert.match(document.cookie, /deleted=;.*Max-Age=0/);
  await page('-', 'deleted=1');
  assert.deepEqual(Object.keys(localStorage).sort(), ['classes bb', 'draft bb /class/K s1 t', 'forgotten', 'forgotten aa', 'reader']);
});

test('what was written without signing in goes along, and no text takes the place of another', async () => {
  begin({ 'draft - /class/K s1 t': draft('before', 'y'), 'draft - /class/K s2 t': draft('deleted long ago', 'old'), 'draft aa /class/K s1 t': draft('mine', 'x'), 'draft bb /class/K s1 t': draft('Ben'),
    'classes -': '[{"code":"K"}]', 'classes aa': '[{"code":"L"}]', forgotten: 'y', 'forgotten aa': 'x' }, { 'typed - /questions/q': '[1]', 'runs -': '[2]', 'runs aa': '[1]' });
  await page('aa', 'carried=-.aa');
  assert.deepEqual(JSON.parse(localStorage['draft aa /class/K s1 t+']), { fields: { text: 'before' }, at: 1, era: 'x' });
  assert.equal(localStorage['draft aa /class/K s1 t'], draft('mine', 'x'));
  assert.equal(localStorage['draft aa /class/K s2 t'], undefined);
  assert.equal(localStorage['draft bb /class/K s1 t'], draft('Ben'));
  assert.equal(localStorage['classes aa'], '[{"code":"L"},{"code":"K"}]');
  assert.equal(sessionStorage['typed aa /questions/q'], '[1]');
  assert.equal(sessionStorage['runs aa'], '[1,2]');
  assert.equal(localStorage['draft - /class/K s1 t'], undefined);
});

test('a page of somebody who has signed out asks the server anew; one of a visitor without a name stays', async () => {
  begin({});
  const anna = await page('aa'), hears = heard.storage.at(-1);
  assert.ok(anna.here());
  const nobody = await page('-');
  assert.ok(!anna.here());
  hears({ key: 'reader' });
  assert.deepEqual(left, ['/class/K7RJ4QX?a=1']);
  await page('bb');
  heard.storage.at(-2)({ key: 'reader' });
  assert.ok(nobody.here());
  assert.equal(left.length, 1);
});
