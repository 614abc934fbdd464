// Saves what somebody is writing, while they write.

const first = 2000, most = 30_000; // milliseconds between two tries, where the server does not answer

/**
 * Returns what saves: one save at a time, and again if something changed meanwhile. `dirty` says whether there is something to
 * save. `send` sends it, tells the writer, and answers "saved", "refused" where the writer must act, or "again" where the server
 * may take it later: it is then tried again, after longer and longer pauses.
 * @param {{ dirty: () => boolean, send: () => Promise<"saved" | "refused" | "again">, pause: number }} what pause: milliseconds after the last key
 */
export function autosave({ dirty, send, pause }) {
  let timer, saving = null, wait = first;
  const later = after => { clearTimeout(timer); timer = setTimeout(save, after); };

  /** Saves now, and says what became of it: "saved", too, where there is nothing to save. */
  async function save() {
    clearTimeout(timer);
    while (saving) await saving; // of two that waited, the second waits again
    if (!dirty()) return 'saved';
    saving = send();
    const outcome = await saving;
    saving = null;
    if (outcome === 'saved') wait = first;
    if (outcome === 'saved' && dirty()) later(pause);
    if (outcome === 'again') {
      later(wait);
      wait = Math.min(wait * 2, most);
    }
    return outcome;
  }
  return {
    save,
    soon: () => later(pause),
    stop: () => clearTimeout(timer),
    saving: () => saving, // the save that is under way, or null
  };
}
