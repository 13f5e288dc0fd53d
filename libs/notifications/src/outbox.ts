import type { MailKind } from '#contract';
import { type Database, gather, prepared } from '#platform';
import {
  type Backlog,
  type MessageTo,
  type OutboxFigures,
  outboxBacklog,
  outboxFigures,
  type Undelivered,
  type UndeliveredOf,
  undeliveredReads,
} from './reads.ts';

/** One message that is owed, taken by one worker. */
export interface OwedMail {
  outboxId: string;
  kind: MailKind;
  attendeeId?: string;
  registrationId?: string;
  challengeId?: string;
  delegationId?: string;
  cafeId?: string;
  eventId?: string;
  /** Of a message that comes at a time: the Café's start or the event's end that it was decided on. */
  aboutAt?: Date;
  /** The same for every attempt, without angle brackets. */
  messageId: string;
  /** When it was taken. By the database's clock, as every time that it may be held against. */
  takenAt: Date;
  /** When it was first tried, or a little earlier. */
  triedSince: Date;
}

/** How the telling goes: one row a message in `email_delivery`, and `done_at` on the outbox row at its end. */
export abstract class Outbox {
  /**
   * Take a message to send it. `done`: nothing is owed (any more). `leased`: another worker has it now. What is taken is this
   * worker's until it says how it went, or is gone.
   */
  abstract take(outboxId: string): Promise<OwedMail | 'done' | 'leased'>;
  /**
   * Count a message to an address that is not proved in the budget of its event (none: of all events) for this hour. A message that was
   * counted before is not counted again. A mail with a code is not counted here: `takeProve`, and when it is enqueued.
   * @returns undefined where the budget allows it; else how long until there is budget again, in milliseconds
   */
  abstract takeBudget(
    owed: Pick<OwedMail, 'outboxId' | 'kind'>,
    eventId: string | undefined,
  ): Promise<number | undefined>;
  /**
   * Count the mail with a code of a guest registration in its mailbox, and in the budget where its address is not proved.
   * @param to `laterMails`: its client caused many mails, and may use a part of the budget alone
   * @returns `full` where its mailbox got its mails of this hour: it is never sent; else as `takeBudget`
   */
  abstract takeProve(
    outboxId: string,
    to: { email: string; proved: boolean; laterMails: boolean },
    eventId: string | undefined,
  ): Promise<'full' | number | undefined>;
  /** The budget does not allow it now: it waits, and this was no attempt. */
  abstract waitsForBudget(outboxId: string): Promise<void>;
  /** The mail server accepted it. */
  abstract sent(outboxId: string): Promise<void>;
  /** Not now; somebody will try again. */
  abstract deferred(outboxId: string, fault: string): Promise<void>;
  /** Never: the mail server refused it for good, or it was tried for a day. */
  abstract bounced(outboxId: string, fault: string): Promise<void>;
  /** Nobody need be told this any more: it is not sent. */
  abstract overtaken(outboxId: string): Promise<void>;
  /** Owe a message again that was given up. False when there is no such one, or it concerns another event. */
  abstract sendAgain(outboxId: string, eventId: string): Promise<boolean>;
  /** The messages of an event that were given up, latest first: the dead letters. */
  abstract undelivered(eventId: string): Promise<Undelivered[]>;
  /** The messages about their seats that a person did not get lately, latest first. */
  abstract undeliveredTo(attendeeId: string): Promise<UndeliveredOf[]>;
  /** Every message to a person that was tried, the first one first. */
  abstract messagesTo(attendeeId: string): Promise<MessageTo[]>;
  /** Leave nothing of what was sent to a person: what a mail server said of it names their address. */
  abstract forget(attendeeId: string): Promise<void>;
  abstract figures(): Promise<OutboxFigures>;
  abstract backlog(): Promise<Backlog>;
}

/** Kinds of messages that a stranger causes by typing addresses may use this part of a budget; the rest is left to the others. */
const STRANGERS_SHARE = 0.75;
/** The part for mails of claims of clients that caused many: the rest is kept for those who caused few. */
const LATER_SHARE = 0.5;
/** The part of the budget for mails to addresses that are not proved which each kind may use. */
const budgetShare: Record<MailKind, number> = {
  'sign-in-code': 1,
  'prove-address': STRANGERS_SHARE,
  waitlisted: STRANGERS_SHARE,
  cancelled: STRANGERS_SHARE,
  'offer-expired': STRANGERS_SHARE,
  confirmed: 1,
  'moved-up': 1,
  offered: 1,
  swapped: 1,
  'line-closed': 1,
  'cafe-moved': 1,
  'cancelled-by-organiser': 1,
  'capacity-lost': 1,
  'seat-released': 1,
  'delegation-summary': 1,
  'reminder-day-before': 1,
  'reminder-soon': 1,
  'host-list': 1,
  thanks: 1,
};
/** What is kept of a message that waits for its budget. */
const WAITS_FOR_BUDGET = 'the mails to addresses that are not confirmed have reached their number for this hour';

/** How long a worker whose session with the database is lost keeps its leases, in seconds: it comes back, or it is gone. */
const LEASE_SECONDS = 15;
/** A message that waited longer for its first attempt, in minutes, is as old as that: a day of trying is counted from there. */
const FRESH_MINUTES = 60;
/** The most messages that one statement takes or records. */
const BATCH_MESSAGES_MAX = 200;
/** The longest text of a fault that is kept, in characters. */
const FAULT_CHARACTERS_MAX = 500;

/**
 * @param domain what stands behind the @ of Message-IDs.
 * @param worker the number of this worker, whose presence the relay tells (openRelay). Who only reads needs none.
 */
export function openOutbox(options: { database: Database; domain: string; worker?: number }): Outbox {
  const { database, domain, worker = 0 } = options;
  const { pool } = database;

  // A row that was sent between our snapshot and its lock is not taken: `on conflict` looks at what is there by then.
  const take = gather<string, OwedMail | 'done' | 'leased'>(
    async (outboxIds) => {
      const taken = await pool.query<OwedRow>(
        prepared(
          `
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
          from owed o left join lease l on l.outbox_id = o.id left join begun b on b.id = o.id`,
          [outboxIds, domain, worker, LEASE_SECONDS, FRESH_MINUTES],
        ),
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

  const sent = gather<string, void>(
    async (outboxIds) => {
      await pool.query(
        prepared(
          `
          with delivery as (
            update email_delivery set
              status = 'sent', last_fault = null, leased_by = null, leased_until = null, updated_at = now(), sent_at = now()
            where outbox_id = any ($1)
          )
          update outbox set done_at = now() where id = any ($1)`,
          [outboxIds],
        ),
      );
      return [];
    },
    { batchMax: BATCH_MESSAGES_MAX },
  );

  return {
    take,
    sent,

    async takeBudget({ outboxId, kind }, eventId) {
      const asked = await pool.query<{ seconds: number | null }>(
        prepared('select mail_budget_take($1, $2, $3) as seconds', [outboxId, eventId ?? null, budgetShare[kind]]),
      );
      const seconds = asked.rows[0]?.seconds ?? null;
      return seconds === null ? undefined : seconds * 1_000;
    },

    async takeProve(outboxId, { email, proved, laterMails }, eventId) {
      const share = laterMails ? LATER_SHARE : budgetShare['prove-address'];
      const { rows } = await pool.query<{ fits: boolean; wait_seconds: number | null }>(
        prepared('select * from prove_mail_take($1, $2, $3, $4)', [
          outboxId,
          email,
          eventId ?? null,
          proved ? null : share,
        ]),
      );
      const { fits, wait_seconds: seconds } = rows[0] as (typeof rows)[0];
      if (!fits) return 'full';
      return seconds === null ? undefined : seconds * 1_000;
    },

    // Its day of trying begins with its first attempt.
    async waitsForBudget(outboxId) {
      await pool.query(
        `update email_delivery set
           status = 'deferred', attempts = greatest(0, attempts - 1), last_fault = $2, leased_by = null, leased_until = null,
           updated_at = now()
         where outbox_id = $1 and leased_by = $3`,
        [outboxId, WAITS_FOR_BUDGET, worker],
      );
    },

    async bounced(outboxId, fault) {
      await pool.query(
        `with delivery as (
           update email_delivery set
             status = 'bounced', last_fault = left($2, $3), leased_by = null, leased_until = null, updated_at = now()
           where outbox_id = $1
         )
         update outbox set done_at = now() where id = $1`,
        [outboxId, fault, FAULT_CHARACTERS_MAX],
      );
    },

    async deferred(outboxId, fault) {
      await pool.query(
        `update email_delivery set
           status = 'deferred', last_fault = left($2, $3), leased_by = null, leased_until = null, updated_at = now()
         where outbox_id = $1 and leased_by = $4`,
        [outboxId, fault, FAULT_CHARACTERS_MAX, worker],
      );
    },

    async overtaken(outboxId) {
      await pool.query(
        `with delivery as (delete from email_delivery where outbox_id = $1)
         update outbox set done_at = now() where id = $1`,
        [outboxId],
      );
    },

    ...undeliveredReads(pool),
    figures: () => outboxFigures(pool),
    backlog: () => outboxBacklog(pool),
  };
}

interface OwedRow {
  id: string;
  kind: MailKind;
  attendee_id: string | null;
  registration_id: string | null;
  challenge_id: string | null;
  delegation_id: string | null;
  cafe_id: string | null;
  event_id: string | null;
  about_at: Date | null;
  message_id: string | null;
  taken_at: Date;
  tried_since: Date;
}

function owedMail(row: OwedRow): OwedMail {
  return {
    outboxId: row.id,
    kind: row.kind,
    attendeeId: row.attendee_id ?? undefined,
    registrationId: row.registration_id ?? undefined,
    challengeId: row.challenge_id ?? undefined,
    delegationId: row.delegation_id ?? undefined,
    cafeId: row.cafe_id ?? undefined,
    eventId: row.event_id ?? undefined,
    aboutAt: row.about_at ?? undefined,
    messageId: row.message_id ?? '',
    takenAt: row.taken_at,
    triedSince: row.tried_since,
  };
}
