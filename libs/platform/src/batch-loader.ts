import DataLoader from 'dataloader';

/**
 * Makes one call of many single reads or writes: all keys that are asked for while a call runs go together into the next one. An idle
 * caller waits for nobody, a busy one pays one statement for many keys. Nothing is cached.
 * @param load answers the keys in the order given. Where it throws, every key of its call fails; an `Error` in the place of a value fails
 *   that key alone.
 * @param batchMax the most keys of one call.
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
      // A batch stays open until the one before it is answered, and for the rest of this turn of the event loop.
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
