import type { Pool } from 'pg';

/** The most rows of one deletion: others wait for a moment at most. */
const BATCH_MAX = 1_000;

/** Delete the rows of a table that a condition names, some at a time, passing over those in use. Both are texts of ours. */
export async function deleteInBatches(pool: Pool, table: string, condition: string): Promise<void> {
  let deleted: number | null;
  do {
    ({ rowCount: deleted } = await pool.query(
      `delete from ${table} where ctid = any (array(
         select ctid from ${table} where ${condition} limit ${BATCH_MAX} for update skip locked
       ))`,
    ));
  } while (deleted === BATCH_MAX);
}
