// A clock for tests: time passes when they say so.

/** Puts a clock in the place of setTimeout and Date.now; it is given back at the test's end. Its `pass` lets milliseconds pass, with
 * what is awaited in between. */
export function clock(t) {
  const real = { setTimeout, clearTimeout, now: Date.now };
  let now = 0, last = 0;
  const due = new Map(); // id -> { at, run }
  globalThis.setTimeout = /** @type {any} */ ((run, after = 0, ...args) => { due.set(++last, { at: now + after, run: () => run(...args) }); return last; });
  globalThis.clearTimeout = /** @type {any} */ (id => { due.delete(id); });
  Date.now = () => now;
  t.after(() => { ({ setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now } = real); });
  const settle = () => new Promise(done => setImmediate(done));
  return {
    settle,
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await settle();
        const [id, next] = [...due].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
        if (!next || next.at > end) break;
        due.delete(id);
        now = next.at;
        next.run();
      }
      now = end;
      await settle();
    },
  };
}
