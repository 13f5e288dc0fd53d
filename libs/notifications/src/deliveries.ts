import { batchLoader, type Database, prepared } from '#platform';
import { type OwedMail, type OwedRow, owedMail } from './owed-mail.ts';

/**
 * How the sending of each owed message goes: one row a message in `email_delivery`, and `done_at` on the row of the outbox at its end. A
 * message is leased to one worker at a time; what that worker records counts only while the lease is its own.
 */
export abstract class Deliveries {
  /**
   * Lease a message to this worker. `done`: nothing is owed (any more). `leased`: another worker has it now. The lease lasts until this
   * worker records the result, or is gone.
   * @throws UnknownMailKind where this build does not know the kind; the lease is this worker's
   */
  abstract take(outboxId: string): Promise<OwedMail | 'done' | 'leased'>;
  /** The mail server accepted the message. Recorded even when another worker has the lease, because it is true. */
  abstract sent(outboxId: string): Promise<void>;
  /** Not now: another attempt follows. */
  abstract deferred(outboxId: string, reason: string): Promise<void>;
  /** The hourly budget does not allow it now. It waits, and this was no attempt. */
  abstract waitsForBudget(outboxId: string): Promise<void>;
  /**
   * Never: the mail server refused it for good, or it was tried for a day.
   * @param eventId whose organisers are told
   * @returns false where the lease is another worker's by now, or the attendee is erased: nothing was recorded
   */
  abstract bounced(outboxId: string, reason: string, eventId: string | undefined): Promise<boolean>;
  /** The message is out of date: it is not sent. @returns as `bounced` */
  abstract overtaken(outboxId: string): Promise<boolean>;
}

/** What is kept of a message that waits for its budget. */
const WAITS_FOR_BUDGET = 'the mails to addresses that are not confirmed have reached their number for this hour';
/** How long a worker whose session with the database is lost keeps its leases, in seconds: it comes back, or it is gone. */
const LEASE_SECONDS = 15;
/** A message that waited longer for its first attempt, in minutes, is as old as that: a day of trying is counted from there. */
const FRESH_MINUTES = 60;
/** The most messages that one statement takes or records. */
const BATCH_MESSAGES_MAX = 200;
/** The longest text of an error that is kept, in characters. */
const REASON_CHARACTERS_MAX = 500;

// A row that was sent between our snapshot and its lock is not taken: `on conflict` looks at what is there by then.
const TAKE = `
  with owed as (select * from outbox where id = any ($1) and done_at is null),
  lease as (
    insert into email_delivery as d (outbox_id, message_id, attendee_id, attempts, leased_by, leased_until)
    select id, id || '@' || $2, attendee_id, 1, $3, now() + make_interval(secs => $4) from owed order by id
    on conflict (outbox_id) do update
      set attempts = d.attempts + 1, leased_by = excluded.leased_by, leased_until = excluded.leased_until, updated_at = now()
      where d.status in ('queued', 'deferred')
        and (d.leased_by is null or (d.leased_until < now() and not outbox_worker_is_there(d.leased_by)))
    returning outbox_id, message_id, attempts
  ),
  begun as (
    update outbox o set created_at = now() from lease l
    where o.id = l.outbox_id and l.attempts = 1 and o.created_at < now() - make_interval(mins => $5)
    returning o.id, o.created_at
  )
  select o.*, l.message_id, now() as taken_at, coalesce(b.created_at, o.created_at) as tried_since
  from owed o left join lease l on l.outbox_id = o.id left join begun b on b.id = o.id`;

/** Of a message to an erased attendee nothing is kept: its row of the outbox goes, and takes its delivery and its recipient along. */
const farewellOf = (messages: string) => `
  farewell as (select outbox_id from mail_recipient where outbox_id ${messages}),
  gone as (delete from outbox where id in (select outbox_id from farewell))`;
const AND_STAYS = 'not in (select outbox_id from farewell)';

// Recorded again after an answer that was lost, a message is not counted again.
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
  ${farewellOf('= any ($1)')}
  update outbox set done_at = now() where id = any ($1) and id ${AND_STAYS}`;
/** Workers add to one of so many counts. */
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
  ${farewellOf('in (select outbox_id from delivery)')}
  update outbox o set done_at = now() from delivery d where o.id = d.outbox_id and o.id ${AND_STAYS}`;

const OVERTAKEN = `
  with delivery as (delete from email_delivery where outbox_id = $1 and leased_by = $2 returning outbox_id),
  ${farewellOf('in (select outbox_id from delivery)')}
  update outbox o set done_at = now() from delivery d where o.id = d.outbox_id and o.id ${AND_STAYS}`;

/**
 * @param options.domain what stands behind the @ of Message-IDs.
 * @param options.worker the number of this worker; the relay holds it as a lock while the worker runs (openRelay).
 */
export function openDeliveries(options: { database: Database; domain: string; worker: number }): Deliveries {
  const { database, domain, worker } = options;
  const { pool } = database;

  const take = batchLoader<string, OwedMail | 'done' | 'leased'>(
    async (outboxIds) => {
      const taken = await pool.query<OwedRow>(
        prepared(TAKE, [outboxIds, domain, worker, LEASE_SECONDS, FRESH_MINUTES]),
      );
      const rows = new Map(taken.rows.map((row) => [row.id, row]));
      return outboxIds.map((id) => {
        const row = rows.get(id);
        if (!row) return 'done';
        // Asked for twice in one batch: the second comes too late.
        rows.delete(id);
        return row.message_id ? owedMail(row) : 'leased';
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

    // Its day of trying begins with its first attempt.
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
