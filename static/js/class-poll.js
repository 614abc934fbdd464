// A student's page without a stream: it asks what has changed. Soon after something has, since a class that moves moves on, then more
// and more rarely, up to every twelve seconds; each page at times of its own, lest a hall asks at once. Now and then it tries a stream
// again.
const first = 1500, most = 12_000, streamAgain = 30_000;

/** Keeps asking until the returned function is called. ask answers whether something had changed, and fails where the server does
 * not answer; listen tries to open a stream. */
export function poll({ ask, listen }) {
  let pause = first, timer, listened = Date.now();
  const wait = () => { timer = setTimeout(turn, pause * (.75 + Math.random() / 2)); };
  async function turn() {
    try {
      pause = await ask() ? first : Math.min(most, pause * 1.5);
    } catch {
      pause = Math.min(most, pause * 2);
    }
    if (timer === null) return;
    if (Date.now() - listened > streamAgain) {
      listened = Date.now();
      listen();
    }
    wait();
  }
  wait();
  return () => { clearTimeout(timer); timer = null; };
}
