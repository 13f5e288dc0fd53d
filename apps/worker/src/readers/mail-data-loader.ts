import { batchLoader } from '#platform';

/** The most ids in one statement. */
const BATCH_IDS_MAX = 200;

/**
 * Loads records in batches: callers ask for one record each, and one statement reads many, because many messages are about the same few
 * Cafés. Nothing is cached between statements, because a message shows the data of its moment of sending.
 */
export function mailDataLoader<Found>(
  read: (ids: string[]) => Promise<Found[]>,
  idOf: (found: Found) => string,
): (id: string) => Promise<Found | undefined> {
  return batchLoader<string, Found | undefined>(
    async (ids) => {
      const found = new Map((await read([...new Set(ids)])).map((each) => [idOf(each), each]));
      return ids.map((id) => found.get(id));
    },
    { batchMax: BATCH_IDS_MAX },
  );
}
