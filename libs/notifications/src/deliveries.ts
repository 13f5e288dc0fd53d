import { batchLoader, type Database, prepared } from '#platform';
import { type OutboxMail, type OutboxMailRow, outboxMail } from './outbox-mail.ts';

/**
 * The state of each message of the outbox: one row for each message in `email_delivery`, and `done_at` of the outbox row at the end. One
 * worker at a time holds the lease of a message. The records of a worker count only while it holds the lease.
 */
export abstract class Deliveries {
  /**
   * Leases a message to this worker. Returns `done` when the message needs no sending any more, and `leased` when another worker holds the
   * lease. The lease ends when this worker records the result, or when its process ends.
   * @throws UnknownMailKind when this build does not know the kind; this worker then holds the lease
   */
  abstract take(outboxId: string): Promise<OutboxMail | 'done' | 'leased'>;
  /** Records that the mail server accepted the message. The record counts without the lease too, because the message was sent. */
  abstract sent(outboxId: string): Promise<void>;
  /** Records a failed attempt. Another attempt follows. */
  abstract deferred(outboxId: string, reason: string): Promise<void>;
  /** Records that the hourly budget does not allow the message now. This does not count as an attempt. */
  abstract waitsForBudget(outboxId: string): Promise<void>;
  /**
   * Gives a message up: the mail server refused it for good, or the attempts failed for a day.
   * @param eventId the event whose organisers see it
   * @returns false when another worker has the lease now, or the attendee is erased: nothing was recorded
   */
  abstract bounced(outboxId: string, reason: string, eventId: string | undefined): Promise<boolean>;
  /** Drops a message that is out of date. It is not sent. @returns as `bounced` */
  abstract overtaken(outboxId: string): Promise<boolean>;
}

/** The reason that is stored with a message that waits for its budget. */
const WAITS_FOR_BUDGET = 'the mails to addresses that are not confirmed have reached their number for this hour';
/** How long a worker that lost its session with the database keeps its leases, in seconds. Within this time the worker reconnects. */
const LEASE_SECONDS = 15;
/** When the first attempt is made later than this after the message was written, in minutes, the day of attempts starts at that attempt. */
const FRESH_MINUTES = 60;
/** The most messages that one statement leases or records. */
const BATCH_MESSAGES_MAX = 200;
/** The longest text of an error that is stored, in characters. */
const REASON_CHARACTERS_MAX = 500;

// A message that another worker sent between the snapshot and the row lock is not leased: `on conflict` reads the current row.
const TAKE = `
  with mail as (select * from outbox where id = any ($1) and done_at is null),
  lease as (
    insert into email_delivery as d (outbox_id, message_id, attendee_id, attempts, leased_by, leased_until)
    select id, id || '@' || $2, attendee_id, 1, $3, now() + make_interval(secs => $4) from mail order by id
    on conflict (outbox_id) do update
      set attempts = d.attempts + 1, leased_by = excluded.leased_by, leased_until = excluded.leased_until, updated_at = now()
      where d.status in ('queued', 'deferred')
        and (d.leased_by is null or (d.leased_until < now() and not outbox_worker_is_there(d.leased_by)))
    returning outbox_id, message_id, attempts
  ),
  first_attempt as (
    update outbox o set created_at = now() from lease l
    where o.id = l.outbox_id and l.attempts = 1 and o.created_at < now() - make_interval(mins => $5)
    returning o.id, o.created_at
  )
  select o.*, l.message_id, now() as taken_at, coalesce(b.created_at, o.created_at) as tried_since
  from mail o left join lease l on l.outbox_id = o.id left join first_attempt b on b.id = o.id`;

/** Nothing is kept of a message to an erased attendee: its outbox row is deleted, and with it its delivery and its recipient. */
const eraseLastMessage = (messages: string) => `
  to_erased as (select outbox_id from mail_recipient where outbox_id ${messages}),
  deleted as (delete from outbox where id in (select outbox_id from to_erased))`;
const NOT_TO_ERASED = 'not in (select outbox_id from to_erased)';

// A message that is recorded again after a lost answer is not counted again.
const SENT = `
  with delivery as (
    update email_delivery set
      status = 'sent', last_fault = null, leased_by = null, leased_until = null, updated_at = now(), sent_at = now()
    where outbox_id = any ($1) and status <> 'sent'
    returning outbox_id
  ),
  counted as (
    insert into sent_mail_count as c (shard, messages) select $2, count(*) from delivery
    on conflict (shard) do update set messages = c.messages + excluded.messages
  ),
  counted_by_event as (
    insert into event_mail_count as c (event_id, shard, messages)
    select o.event_id, $2, count(*) from delivery d join outbox o on o.id = d.outbox_id
    where o.event_id is not null group by o.event_id order by o.event_id
    on conflict (event_id, shard) do update set messages = c.messages + excluded.messages
  ),
  ${eraseLastMessage('= any ($1)')}
  update outbox set done_at = now() where id = any ($1) and id ${NOT_TO_ERASED}`;
/** The number of rows over which workers spread a count. */
const COUNT_SHARDS = 16;

const DEFERRED = `
  update email_delivery set
    status = 'deferred', last_fault = left($2, $3), leased_by = null, leased_until = null, updated_at = now()
  where outbox_id = $1 and leased_by = $4`;

const WAITS = `
  update email_delivery set
    status = 'deferred', attempts = greatest(0, attempts - 1), last_fault = $2, leased_by = null, leased_until = null, updated_at = now()
  where outbox_id = $1 and leased_by = $3`;

const BOUNCED = `
  with delivery as (
    update email_delivery set
      status = 'bounced', last_fault = left($2, $3), event_id = $5, leased_by = null, leased_until = null, updated_at = now()
    where outbox_id = $1 and leased_by = $4
    returning outbox_id
  ),
  ${eraseLastMessage('in (select outbox_id from delivery)')}
  update outbox o set done_at = now() from delivery d where o.id = d.outbox_id and o.id ${NOT_TO_ERASED}`;

const OVERTAKEN = `
  with delivery as (delete from email_delivery where outbox_id = $1 and leased_by = $2 returning outbox_id),
  ${eraseLastMessage('in (select outbox_id from delivery)')}
  update outbox o set done_at = now() from delivery d where o.id = d.outbox_id and o.id ${NOT_TO_ERASED}`;

/**
 * @param options.domain the part after the @ of Message-IDs
 * @param options.worker the number of this worker; its relay holds it as an advisory lock (openRelay)
 */
export function openDeliveries(options: { database: Database; domain: string; worker: number }): Deliveries {
  const { database, domain, worker } = options;
  const { pool } = database;

  const take = batchLoader<string, OutboxMail | 'done' | 'leased'>(
    async (outboxIds) => {
      const taken = await pool.query<OutboxMailRow>(
        prepared(TAKE, [outboxIds, domain, worker, LEASE_SECONDS, FRESH_MINUTES]),
      );
      const rows = new Map(taken.rows.map((row) => [row.id, row]));
      return outboxIds.map((id) => {
        const row = rows.get(id);
        if (!row) return 'done';
        // The batch has this message twice: the second one gets `done`.
        rows.delete(id);
        return row.message_id ? outboxMail(row) : 'leased';
      });
    },
    { batchMax: BATCH_MESSAGES_MAX },
  );

  const sent = batchLoader<string, undefined>(
    async (outboxIds) => {
      await pool.query(prepared(SENT, [outboxIds, worker % COUNT_SHARDS]));
      return outboxIds.map(() => undefined);
    },
    { batchMax: BATCH_MESSAGES_MAX },
  );

  return {
    take,
    sent,

    async deferred(outboxId, reason) {
      await pool.query(DEFERRED, [outboxId, reason, REASON_CHARACTERS_MAX, worker]);
    },

    // The day of attempts starts with the first attempt.
    async waitsForBudget(outboxId) {
      await pool.query(WAITS, [outboxId, WAITS_FOR_BUDGET, worker]);
    },

    async bounced(outboxId, reason, eventId) {
      const values = [outboxId, reason, REASON_CHARACTERS_MAX, worker, eventId ?? null];
      const { rowCount } = await pool.query(BOUNCED, values);
      return rowCount === 1;
    },

    async overtaken(outboxId) {
      const { rowCount } = await pool.query(OVERTAKEN, [outboxId, worker]);
      return rowCount === 1;
    },
  };
}
