/** What one key asks for, until its batch is answered. */
interface Ask<Key, Answer> {
  key: Key;
  resolve: (answer: Answer) => void;
  reject: (fault: unknown) => void;
}

/**
 * Many single asks, one call for all that came while the last call was under way: an idle caller waits for nobody, a busy one
 * pays a statement for many. Every ask of a batch fails with its call.
 * @param run answers the keys in the order given.
 * @param batchMax the most keys of one call.
 */
export function gather<Key, Answer>(
  run: (keys: Key[]) => Promise<Answer[]>,
  { batchMax }: { batchMax: number },
): (key: Key) => Promise<Answer> {
  let waiting: Ask<Key, Answer>[] = [];
  let underWay = false;

  async function work(): Promise<void> {
    // Whoever asks in the same turn of the event loop comes along.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax);
      waiting = waiting.slice(batchMax);
      try {
        const answers = await run(batch.map(({ key }) => key));
        for (const [place, { resolve }] of batch.entries()) resolve(answers[place] as Answer);
      } catch (fault) {
        for (const { reject } of batch) reject(fault);
      }
    }
    underWay = false;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (underWay) return;
      underWay = true;
      void work();
    });
}
