import type { Database } from '#platform';

/** Make rows of all that is owed, as the relay does before it hands anything over. */
export async function openOutboxBatches(pool: Pick<Database['pool'], 'query'>): Promise<void> {
  await pool.query('select outbox_open(1000000)');
}
