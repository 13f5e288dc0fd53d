import type { Database } from '#platform';

type Pool = Pick<Database['pool'], 'query'>;

/**
 * Messages by where they are. `sent`: accepted by the mail server, ever. `waiting`: owed and not yet accepted. `failed`: given up and still
 * kept. The last two are counted up to 100,000.
 */
export interface MessageCounts {
  sent: number;
  waiting: number;
  failed: number;
}

/** What waits: how many were tried in vain at least once (up to 100,000), and how long about the oldest has waited, in seconds. */
export interface Backlog {
  deferred: number;
  oldestSeconds: number;
}

/** Rows are counted up to this number: a count costs what waits, not what was ever sent. */
const COUNTED_MAX = 100_000;
/** The oldest message is looked for among so many that wait longest, in each part. */
const OLDEST_OF = 100;

/** Messages not done, in three parts: rows, of which two parts have an index of their own, and batches that have no rows yet. */
const unqueued = 'from outbox where queued_at is null and done_at is null';
const queued = 'from outbox where queued_at is not null and done_at is null';
const counted = (rows: string) => `(select count(*)::integer from (select ${rows} limit ${COUNTED_MAX}) counted)`;

/** Asked for twice a second by each gateway that shows a dashboard. */
const COUNTS = `
  select
    (select coalesce(sum(messages), 0)::float8 from sent_mail_count) as sent,
    ${counted(unqueued)} + ${counted(queued)}
      + (select coalesce(sum(cardinality(registration_ids)), 0)::integer
         from (select registration_ids from outbox_batch limit ${COUNTED_MAX}) b) as waiting,
    ${counted(`from email_delivery where status = 'bounced'`)} as failed`;

const BACKLOG = `
  select
    ${counted(`from email_delivery where status = 'deferred'`)} as deferred,
    coalesce(extract(epoch from now() - least(
      (select min(created_at) from (select created_at ${unqueued} order by id limit ${OLDEST_OF}) o),
      (select min(created_at) from (select created_at ${queued} order by queued_at limit ${OLDEST_OF}) o),
      (select min(created_at) from (select created_at from outbox_batch order by id limit ${OLDEST_OF}) o)
    )), 0)::integer as "oldestSeconds"`;

export async function countMessages(pool: Pool): Promise<MessageCounts> {
  return (await pool.query<MessageCounts>(COUNTS)).rows[0] as MessageCounts;
}

export async function readBacklog(pool: Pool): Promise<Backlog> {
  return (await pool.query<Backlog>(BACKLOG)).rows[0] as Backlog;
}
