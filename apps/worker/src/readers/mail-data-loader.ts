import { batchLoader } from '#platform';

/** The most ids that one statement asks for. */
const BATCH_IDS_MAX = 200;

/**
 * Reads records one by one as a caller sees it, and in batches as the database does: many messages are about the same few Cafés. Nothing is
 * kept from one statement to the next: a message tells what is true when it is written.
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
