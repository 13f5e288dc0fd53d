import type { MailKind } from '#contract';
import type { Database } from '#platform';

type Pool = Pick<Database['pool'], 'query'>;

/** Messages by where they are: accepted, owed and not yet accepted, given up. */
export interface OutboxFigures {
  sent: number;
  waiting: number;
  failed: number;
}

/** What waits: how many were tried in vain at least once, and how long the oldest has waited, in seconds. */
export interface Backlog {
  deferred: number;
  oldestSeconds: number;
}

/** A message that a person did not get. */
export interface UndeliveredOf {
  outboxId: string;
  kind: MailKind;
  registrationId?: string;
  /** When it was given up. */
  at: string;
  /** What the mail server said. */
  reason: string;
}

/** The same for an organiser: with whose it is, and how often it was tried. */
export interface Undelivered extends UndeliveredOf {
  attendeeId: string;
  attempts: number;
}

/** A message to a person, and what became of it. */
export interface MessageTo {
  kind: MailKind;
  status: 'queued' | 'sent' | 'deferred' | 'bounced';
  at: string;
}

/** How long a person is told of a message that did not reach them, in days. */
const TOLD_FOR_DAYS = 30;
/** The most messages that a list has. */
const LISTED_MAX = 200;

/** The messages of these rows; the event of each is that of its registration, its Café, or its own. */
const selectUndelivered = `
  select d.outbox_id, o.kind, d.attendee_id, o.registration_id, d.updated_at, d.last_fault, d.attempts
  from email_delivery d join outbox o on o.id = d.outbox_id
  where d.status = 'bounced'`;
const ofEvent = `
  coalesce(o.event_id, (
    select c.event_id from cafe c
    where c.id = coalesce(o.cafe_id, (select r.cafe_id from registration r where r.id = o.registration_id))
  ))`;

interface UndeliveredRow {
  outbox_id: string;
  kind: MailKind;
  attendee_id: string;
  registration_id: string | null;
  updated_at: Date;
  last_fault: string | null;
  attempts: number;
}

function undelivered(row: UndeliveredRow): UndeliveredOf {
  return {
    outboxId: row.outbox_id,
    kind: row.kind,
    ...(row.registration_id && { registrationId: row.registration_id }),
    at: row.updated_at.toISOString(),
    reason: row.last_fault ?? '',
  };
}

/** What was given up, to be read and to be sent again. */
export function undeliveredReads(pool: Pool) {
  return {
    async undelivered(eventId: string): Promise<Undelivered[]> {
      const found = await pool.query<UndeliveredRow>(
        `${selectUndelivered} and d.attendee_id is not null and ${ofEvent} = $1 order by d.updated_at desc limit $2`,
        [eventId, LISTED_MAX],
      );
      return found.rows.map((row) => ({
        ...undelivered(row),
        attendeeId: row.attendee_id,
        attempts: row.attempts,
      }));
    },

    async undeliveredTo(attendeeId: string): Promise<UndeliveredOf[]> {
      const found = await pool.query<UndeliveredRow>(
        `${selectUndelivered} and d.attendee_id = $1 and d.updated_at > now() - make_interval(days => $2)
         order by d.updated_at desc limit $3`,
        [attendeeId, TOLD_FOR_DAYS, LISTED_MAX],
      );
      return found.rows.map(undelivered);
    },

    async messagesTo(attendeeId: string): Promise<MessageTo[]> {
      const found = await pool.query<Omit<MessageTo, 'at'> & { updated_at: Date }>(
        `select o.kind, d.status, d.updated_at from email_delivery d join outbox o on o.id = d.outbox_id
         where d.attendee_id = $1 order by o.id`,
        [attendeeId],
      );
      return found.rows.map(({ kind, status, updated_at }) => ({ kind, status, at: updated_at.toISOString() }));
    },

    async forget(attendeeId: string): Promise<void> {
      await pool.query('delete from outbox where id in (select outbox_id from email_delivery where attendee_id = $1)', [
        attendeeId,
      ]);
    },

    /** From its first attempt on: the day of trying begins anew. */
    async sendAgain(outboxId: string, eventId: string): Promise<boolean> {
      const again = await pool.query(
        `with again as (
           update email_delivery d set status = 'queued', updated_at = now()
           from outbox o where o.id = d.outbox_id and d.outbox_id = $1 and d.status = 'bounced' and ${ofEvent} = $2
           returning d.outbox_id
         ),
         owed as (
           update outbox o set done_at = null, queued_at = null, created_at = now()
           from again where o.id = again.outbox_id
           returning o.id
         )
         select pg_notify('outbox', '') from owed`,
        [outboxId, eventId],
      );
      return again.rowCount === 1;
    },
  };
}

/** Messages not done, in three parts: rows, of which two parts have an index of their own, and what has no rows yet. */
const unqueued = 'from outbox where queued_at is null and done_at is null';
const queued = 'from outbox where queued_at is not null and done_at is null';
const unopened = 'from outbox_batch';

export async function outboxFigures(pool: Pool): Promise<OutboxFigures> {
  const found = await pool.query<OutboxFigures>(
    `select
       (select count(*)::integer from email_delivery where status = 'sent') as sent,
       (select count(*)::integer ${unqueued}) + (select count(*)::integer ${queued})
         + (select coalesce(sum(cardinality(registration_ids)), 0)::integer ${unopened}) as waiting,
       (select count(*)::integer from email_delivery where status = 'bounced') as failed`,
  );
  return found.rows[0] as OutboxFigures;
}

export async function outboxBacklog(pool: Pool): Promise<Backlog> {
  const found = await pool.query<Backlog>(
    `select
       (select count(*)::integer from email_delivery where status = 'deferred') as deferred,
       coalesce(extract(epoch from now() - least(
         (select min(created_at) ${unqueued}), (select min(created_at) ${queued}), (select min(created_at) ${unopened})
       )), 0)::integer as "oldestSeconds"`,
  );
  return found.rows[0] as Backlog;
}
