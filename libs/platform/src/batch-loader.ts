import DataLoader from 'dataloader';

/**
 * Combines many single reads or writes into few calls. Keys that arrive during a call are loaded by the next call. Without a running call,
 * a key is loaded immediately; under load, many keys share one statement. Nothing is cached.
 *
 * @param load returns the values in the order of the keys. If it throws, all keys of the call fail. If a value is an `Error`, only its key
 * fails.
 * @param batchMax the maximum number of keys in one call
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
      // A batch accepts keys until the previous batch is loaded, and until the end of this turn of the event loop.
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
