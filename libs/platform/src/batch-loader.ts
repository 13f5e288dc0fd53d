import DataLoader from 'dataloader';

/**
 * Turns many single reads or writes into few calls. Keys that arrive during a call go into the next call together. When no call runs, a key
 * is loaded at once; under load, many keys share one statement. Nothing is cached.
 *
 * @param load returns the values in the order of the keys. When it throws, every key of its call fails; an `Error` in the place of a value
 *   fails that key alone.
 * @param batchMax the most keys of one call
 */
export function batchLoader<Key, Value>(
  load: (keys: readonly Key[]) => Promise<(Value | Error)[]>,
  { batchMax }: { batchMax: number },
): (key: Key) => Promise<Value> {
  let running: Promise<unknown> = Promise.resolve();
  let lastBatch: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Key, Value>(
    (keys) => {
      const values = load(keys);
      running = values.catch(() => {});
      return values;
    },
    {
      cache: false,
      maxBatchSize: batchMax,
      // A batch stays open until the batch before it is loaded, and until the end of this turn of the event loop.
      batchScheduleFn(dispatch) {
        const turnEnds = new Promise((resolve) => setImmediate(resolve));
        lastBatch = Promise.all([lastBatch, turnEnds]).then(() => {
          dispatch();
          return running;
        });
      },
    },
  );
  return (key) => loader.load(key);
}
