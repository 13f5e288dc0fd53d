import { type Database, prepared } from '#platform';

type Pool = Pick<Database['pool'], 'query'>;

/**
 * The number of messages by state. `sent`: all messages that the mail server ever accepted. `waiting`: in the outbox and not accepted yet.
 * `failed`: given up and still stored. `waiting` and `failed` are counted up to 100,000.
 */
export interface MessageCounts {
  sent: number;
  waiting: number;
  failed: number;
}

/** The messages that wait: how many of them failed at least once (up to 100,000), and the age of the oldest, in seconds (approximate). */
export interface Backlog {
  deferred: number;
  oldestSeconds: number;
}

/** The limit of a count, so that its cost depends on the messages that wait and not on those that were ever sent. */
const COUNTED_MAX = 100_000;
/** How many of the first rows of each part are compared to find the oldest message. */
const OLDEST_OF = 100;

/** Messages that are not done, in three parts: two parts of `outbox`, which have an index each, and batches without rows. */
const unqueued = 'from outbox where queued_at is null and done_at is null';
const queued = 'from outbox where queued_at is not null and done_at is null';
const counted = (rows: string) => `(select count(*)::integer from (select ${rows} limit ${COUNTED_MAX}) counted)`;

/** The messages of the installation. */
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

/**
 * The messages about each of the events `$1`. Each gateway that shows a dashboard runs this twice a second. The waiting messages are read
 * once for all events, up to the limit. An index by event is not needed: each message would have to update it twice.
 */
const COUNTS_BY_EVENT = `
  with waiting as (
    select w.event_id, count(*) as messages
    from (
      (select event_id ${unqueued} limit ${COUNTED_MAX}) union all (select event_id ${queued} limit ${COUNTED_MAX})
    ) w
    group by w.event_id
  ),
  batched as (
    select b.event_id, sum(cardinality(b.registration_ids)) as messages
    from (select event_id, registration_ids from outbox_batch limit ${COUNTED_MAX}) b
    group by b.event_id
  )
  select
    e.event_id as "eventId",
    (select coalesce(sum(c.messages), 0)::float8 from event_mail_count c where c.event_id = e.event_id) as sent,
    (coalesce((select messages from waiting w where w.event_id = e.event_id), 0)
      + coalesce((select messages from batched b where b.event_id = e.event_id), 0))::integer as waiting,
    ${counted(`from email_delivery d where d.status = 'bounced' and d.event_id = e.event_id`)} as failed
  from unnest($1::uuid[]) as e (event_id)`;

export async function countMessages(pool: Pool): Promise<MessageCounts> {
  return (await pool.query<MessageCounts>(COUNTS)).rows[0] as MessageCounts;
}

/** The counts of the messages about each of these events. A message without an event (a sign-in) is in none of them. */
export async function countMessagesByEvent(
  pool: Pool,
  eventIds: readonly string[],
): Promise<Map<string, MessageCounts>> {
  const { rows } = await pool.query<MessageCounts & { eventId: string }>(prepared(COUNTS_BY_EVENT, [eventIds]));
  return new Map(rows.map(({ eventId, ...counts }) => [eventId, counts]));
}

export async function readBacklog(pool: Pool): Promise<Backlog> {
  return (await pool.query<Backlog>(BACKLOG)).rows[0] as Backlog;
}
