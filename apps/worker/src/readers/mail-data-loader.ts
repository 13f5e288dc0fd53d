import { batchLoader } from '#platform';

/** The maximum number of ids in one batch. */
const BATCH_IDS_MAX = 200;

/**
 * Reads single records for many messages, in batches, because many messages are about the same few Cafés. Nothing is cached between
 * batches, so that a message contains the data at the time when it is written.
 */
export function mailDataLoader<Found>(
  read: (ids: string[]) => Promise<(Found | undefined)[]>,
  idOf: (found: Found) => string,
): (id: string) => Promise<Found | undefined> {
  return batchLoader<string, Found | undefined>(
    async (ids) => {
      const records = await read([...new Set(ids)]);
      const found = new Map(records.flatMap((record) => (record === undefined ? [] : [[idOf(record), record]])));
      return ids.map((id) => found.get(id));
    },
    { batchMax: BATCH_IDS_MAX },
  );
}
