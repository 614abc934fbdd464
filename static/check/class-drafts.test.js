import test from 'node:test';
import assert from 'node:assert/strict';

/** What of a browser's window the drafts use: two tabs share a storage. */
class Storage {
  getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; }
  setItem(key, text) { this[key] = String(text); }
  removeItem(key) { delete this[key]; }
  clear() { for (const key of Object.keys(this)) delete this[key]; }
}
Object.assign(globalThis, { localStorage: new Storage(), sessionStorage: new Storage(), document: { cookie: '' }, addEventListener() {} });

/** The module as a tab of its own has it. */
async function tab(name) {
  sessionStorage = new Storage();
  return import(`../js/class-drafts.js?${name}`);
}

test('each tab keeps its own text, and sees what others have left', async () => {
  const one = await tab('one'), two = await tab('two'), base = '/class/K7RJ4QX';
  one.draftsOf(base).keep('s1', { fields: { text: 'first' } });
  two.draftsOf(base).keep('s1', { fields: { text: 'second' } });
  two.draftsOf('/class/OTHER').keep('s1', { fields: { text: 'elsewhere' } });
  assert.equal(one.draftsOf(base).read('s1').fields.text, 'first');
  assert.equal(two.draftsOf(base).read('s1').fields.text, 'second');
  assert.deepEqual(one.draftsOf(base).all().map(d => [d.draft.fields.text, d.mine]).sort(), [['first', true], ['second', false]]);
  one.draftsOf(base).forget('s1');
  assert.equal(one.draftsOf(base).read('s1'), null);
  assert.equal(two.draftsOf(base).read('s1').fields.text, 'second');
});

test('where the storage is full, the page itself keeps the text', async () => {
  const full = await tab('full'), drafts = full.draftsOf('/class/FULL');
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = () => { throw new Error('QuotaExceededError'); };
  drafts.keep('s1', { fields: { text: 'kept' } });
  Storage.prototype.setItem = setItem;
  assert.equal(drafts.read('s1').fields.text, 'kept');
  drafts.forget('s1');
  assert.equal(drafts.read('s1'), null);
});

test('a text that two tabs keep is listed once, and two that differ by a space are two', async () => {
  const one = await tab('twin one'), two = await tab('twin two'), third = await tab('twin three'), base = '/class/TWINS';
  one.draftsOf(base).keep('s1', { fields: { text: 'why', run: '' }, refused: 'locked' });
  two.draftsOf(base).keep('s1', { fields: { run: '', text: 'why' } });
  third.draftsOf(base).keep('s1', { fields: { text: 'why ', run: '' } });
  third.draftsOf(base).keep('s2', { fields: { text: 'why', run: '' } });
  const mine = drafts => drafts.filter(d => d.base === base), listed = one.once(mine(one.all()));
  assert.deepEqual(listed.map(d => [d.stop, d.draft.fields.text, d.draft.refused ?? '']).sort(), [['s1', 'why ', ''], ['s1', 'why', 'locked'], ['s2', 'why', '']]);
  one.forgetText(listed.find(d => d.draft.refused));
  assert.deepEqual(mine(one.all()).map(d => [d.stop, d.draft.fields.text]).sort(), [['s1', 'why '], ['s2', 'why']]);
});

test('the words of a draft', async () => {
  const { wordsOf } = await tab('words');
  assert.equal(wordsOf({ fields: { text: 'why', run: '/labs/chain' } }), 'why\n/labs/chain');
  assert.equal(wordsOf({ fields: { guess: '2' }, says: 'B: it grows' }), 'B: it grows');
  assert.equal(wordsOf({ fields: { text: '  ' } }), '');
});

test('everything is forgotten when the server says so, and a page that was open then keeps nothing any more', async () => {
  const before = await tab('before'), base = '/class/GONE';
  before.draftsOf(base).keep('s1', { fields: { text: 'private' } });
  document.cookie = 'theme=dark; deleted=1';
  await import('../js/reader.js?again');
  assert.match(document.cookie, /deleted=;.*Max-Age=0/);
  before.draftsOf(base).keep('s1', { fields: { text: 'private' } });
  assert.deepEqual(before.draftsOf(base).all(), []);
  assert.doesNotMatch(JSON.stringify(localStorage), /private/);
  localStorage.setItem(`draft - ${base} s2 other`, JSON.stringify({ fields: { text: 'private' } })); // written at that very moment
  const after = await tab('after');
  assert.deepEqual(after.draftsOf(base).all(), []);
  assert.doesNotMatch(JSON.stringify(localStorage), /private/);
  after.draftsOf(base).keep('s1', { fields: { text: 'new' } });
  assert.equal(after.draftsOf(base).read('s1').fields.text, 'new');
});

test('what an older version kept for whoever used the browser is taken over, but for what was deleted', async () => {
  const { draftsOf } = await tab('newer'), base = '/class/OLD', era = localStorage.getItem('forgotten');
  localStorage.setItem(`class-draft ${base} s1 some`, JSON.stringify({ fields: { text: 'of last week' }, at: 5, era }));
  localStorage.setItem(`class-draft ${base} s2 some`, JSON.stringify({ fields: { text: 'deleted' }, at: 5, era: 'another' }));
  assert.deepEqual(draftsOf(base).all().map(d => [d.stop, d.draft.fields.text, d.draft.at]), [['s1', 'of last week', 5]]);
  assert.ok(!Object.keys(localStorage).some(key => key.startsWith('class-draft ')));
  const { setItem } = Storage.prototype;
  localStorage.setItem(`class-draft ${base} s3 some`, JSON.stringify({ fields: { text: 'where it is full' }, era }));
  Storage.prototype.setItem = function (key, text) { if (key.startsWith('draft ')) throw new Error('QuotaExceededError'); setItem.call(this, key, text); };
  assert.equal(draftsOf(base).all().length, 1);
  Storage.prototype.setItem = setItem;
  assert.deepEqual(draftsOf(base).all().map(d => d.stop).sort(), ['s1', 's3']);
});
