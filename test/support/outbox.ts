import type { Database } from '#platform';

/** Turns all outbox batches into rows, as the relay does before it enqueues them. */
export async function openOutboxBatches(pool: Pick<Database['pool'], 'query'>): Promise<void> {
  await pool.query('select outbox_open(1000000)');
}
