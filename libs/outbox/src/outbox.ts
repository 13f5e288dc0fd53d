import type { MailKind } from '#contract';
import type { Database } from '#platform';

/** One message that is owed, taken by one worker for as long as the lease lasts. */
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
  createdAt: Date;
}

/** How the telling goes: one row a message in `email_delivery`, and `done_at` on the outbox row at its end. */
export interface Outbox {
  /** Take a message to send it. `done`: nothing is owed (any more). `leased`: another worker has it now. */
  take(outboxId: string): Promise<OwedMail | 'done' | 'leased'>;
  /** The mail server accepted it. */
  sent(outboxId: string): Promise<void>;
  /** Not now; somebody will try again. */
  deferred(outboxId: string, fault: string): Promise<void>;
  /** Never: the mail server refused it for good. */
  bounced(outboxId: string, fault: string): Promise<void>;
  /** A later message of the same registration says it all: this one is not sent. */
  overtaken(outboxId: string): Promise<void>;
  /** Messages sent, owed and not yet accepted, and refused for good. */
  figures(): Promise<{ sent: number; waiting: number; failed: number }>;
}

/** Longer than any attempt takes: after it, a worker that died is not waited for. */
const LEASE = '2 minutes';

/** @param domain what stands behind the @ of Message-IDs. */
export function openOutbox({ database, domain }: { database: Database; domain: string }): Outbox {
  const { pool } = database;

  async function end(outboxId: string, status: 'sent' | 'bounced', fault?: string): Promise<void> {
    await pool.query(
      `with delivery as (
         update email_delivery set status = $2::delivery_status, last_fault = $3, leased_until = null, updated_at = now(),
           sent_at = case when $2::delivery_status = 'sent' then now() end
         where outbox_id = $1
       )
       update outbox set done_at = now() where id = $1`,
      [outboxId, status, fault ?? null],
    );
  }

  return {
    async take(outboxId) {
      const taken = await pool.query(
        `with owed as (select * from outbox where id = $1 and done_at is null),
         lease as (
           insert into email_delivery as d (outbox_id, message_id, attempts, leased_until)
           select id, id || '@' || $2, 1, now() + $3::interval from owed
           on conflict (outbox_id) do update
             set attempts = d.attempts + 1, leased_until = excluded.leased_until, updated_at = now()
             where d.leased_until is null or d.leased_until < now()
           returning outbox_id, message_id
         )
         select o.*, l.message_id from owed o left join lease l on l.outbox_id = o.id`,
        [outboxId, domain, LEASE],
      );
      const row = taken.rows[0];
      if (!row) return 'done';
      if (!row.message_id) return 'leased';
      return {
        outboxId,
        kind: row.kind,
        attendeeId: row.attendee_id ?? undefined,
        registrationId: row.registration_id ?? undefined,
        challengeId: row.challenge_id ?? undefined,
        delegationId: row.delegation_id ?? undefined,
        cafeId: row.cafe_id ?? undefined,
        eventId: row.event_id ?? undefined,
        aboutAt: row.about_at ?? undefined,
        messageId: row.message_id,
        createdAt: row.created_at,
      };
    },

    sent: (outboxId) => end(outboxId, 'sent'),
    bounced: (outboxId, fault) => end(outboxId, 'bounced', fault),

    async deferred(outboxId, fault) {
      await pool.query(
        `update email_delivery set status = 'deferred', last_fault = $2, leased_until = null, updated_at = now()
         where outbox_id = $1`,
        [outboxId, fault],
      );
    },

    async overtaken(outboxId) {
      await pool.query(
        `with delivery as (delete from email_delivery where outbox_id = $1)
         update outbox set done_at = now() where id = $1`,
        [outboxId],
      );
    },

    async figures() {
      const found = await pool.query(
        `select
           (select count(*)::integer from email_delivery where status = 'sent') as sent,
           (select count(*)::integer from outbox where done_at is null) as waiting,
           (select count(*)::integer from email_delivery where status = 'bounced') as failed`,
      );
      return found.rows[0];
    },
  };
}
