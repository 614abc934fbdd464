// The row above what a lab trains: Run or Pause, new weights, and the line that says how far it is.
import { listen } from './events.js';
import { onKey } from './frame.js';
import { get, set } from './lab.js';

const part = name => document.querySelector(`[data-part="${name}"]`);
const act = name => document.querySelector(`[data-act="${name}"]`);

/** Puts a text into the row's line; the same once more is not announced again. */
export function say(text) { if (part('status').textContent !== text) part('status').textContent = text; }

/** New weights for the asking, by the button or by n. */
export function renewable() {
  act('renew').addEventListener('click', () => set('seed', (Number(get('seed')) + 1) % 2 ** 32));
  onKey('new weights: the next seed', { n: () => act('renew').click() });
}

/** Labels the button by whether a run is under way. */
export function label(running) {
  act('run').textContent = running ? 'Pause' : 'Run';
  act('run').toggleAttribute('data-running', running);
}

/**
 * Serves the row of a lab whose runs the server streams. `address` is the stream's, '' where there is nothing to run; `on` has what
 * to do at its events; `paused` says how far it has come; `settled` is told of every change. A stream that fails is asked for again.
 * @param {{address: () => string, on: Record<string, (told: any, id: string) => void>, paused: () => string, settled?: (running: boolean) => void}} lab
 */
export function transport({ address, on, paused, settled }) {
  let hangUp = null, timer = 0;

  function settle() {
    act('run').disabled = !hangUp && !address();
    label(hangUp !== null);
    settled?.(hangUp !== null);
  }

  function start() {
    clearTimeout(timer);
    if (hangUp || !address()) return;
    say('starting');
    hangUp = listen(address(), { queued: /** @param {json.queuedEvent} e */ e => say(e.message), ...on }, say, again => {
      stop();
      if (again) timer = setTimeout(start, 3000);
    });
    settle();
  }

  function stop() {
    clearTimeout(timer);
    hangUp?.();
    hangUp = null;
    settle();
  }

  function pause() {
    const was = hangUp;
    stop();
    if (was) say(paused());
  }

  act('run').addEventListener('click', () => hangUp ? pause() : start());
  onKey('run or pause', { ' ': () => act('run').click() });
  renewable();
  addEventListener('pagehide', stop); // the page that is left must not keep runs alive
  return { start, stop, pause, settle, running: () => hangUp !== null };
}
