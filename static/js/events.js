// Listening to a run that the server streams.

/**
 * Listens to JSON events: `on` has what to do at each, with its id, by its name, and `say` tells the reader. `over` is called where
 * the stream has failed, or the server hung up, with whether to ask again in a moment. Returns what hangs up.
 * @param {string} url
 * @param {Record<string, (told: any, id: string) => void>} on
 * @param {(text: string) => void} say
 * @param {(again: boolean) => void} over
 */
export function listen(url, on, say, over) {
  const stream = new EventSource(url);
  for (const [name, handle] of Object.entries(on)) stream.addEventListener(name, event => handle(JSON.parse(event.data), event.lastEventId));
  stream.addEventListener('failed', event => {
    /** @type {json.Failure} */
    const { error, again } = JSON.parse(event.data);
    stream.close();
    over(!!again);
    say(error);
  });
  stream.onerror = () => {
    say('the server does not answer; trying again');
    if (stream.readyState === EventSource.CLOSED) over(true);
  };
  return () => stream.close();
}
