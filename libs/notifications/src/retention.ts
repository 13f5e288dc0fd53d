import type { Database } from '#platform';

/** How long a finished message is stored, in days. Attendees see a message that was given up for the first 30 of these days. */
const MESSAGES_KEPT_DAYS = 90;
const SCHEDULED_KEPT_DAYS = 365;
/** The most rows that one statement deletes, so that other transactions wait only briefly. */
const BATCH_MAX = 1_000;

/** Deletes the rows of notifications that are older than their limit. */
export abstract class MailRetention {
  /**
   * Deletes rows in batches of 1,000, and skips locked rows:
   * - messages of the outbox with their deliveries, 90 days after they were sent, given up or dropped. Messages that are not done stay.
   * - rows of `scheduled_mail`, a year after they were written. They prevent a second thank-you mail when a Café is moved after its event.
   *
   * `mail_budget` rows are deleted after two days, by the statement that counts the first message of an hour. Safe to run in any process,
   * at any time.
   */
  abstract tidy(): Promise<void>;
}

// Ids are UUIDv7, and a message is done after it was written, so the candidates are at the beginning of the primary key.
const OLD_MESSAGES = `
  delete from outbox where id = any (array(
    select o.id from outbox o
    where o.id < (select uuidv7(make_interval(days => -$1::integer))) and o.done_at < now() - make_interval(days => $1::integer)
    order by o.id limit $2 for update skip locked
  ))`;

const OLD_SCHEDULED = `
  delete from scheduled_mail s using (
    select m.kind, m.subject_id, m.about_at from scheduled_mail m
    where m.owed_at < now() - make_interval(days => $1::integer)
    limit $2 for update skip locked
  ) old
  where (s.kind, s.subject_id, s.about_at) = (old.kind, old.subject_id, old.about_at)`;

export function openMailRetention({ database: { pool } }: { database: Database }): MailRetention {
  async function deleteAll(statement: string, olderThanDays: number): Promise<void> {
    let deleted: number | null;
    do {
      ({ rowCount: deleted } = await pool.query(statement, [olderThanDays, BATCH_MAX]));
    } while (deleted === BATCH_MAX);
  }

  return {
    async tidy() {
      await deleteAll(OLD_MESSAGES, MESSAGES_KEPT_DAYS);
      await deleteAll(OLD_SCHEDULED, SCHEDULED_KEPT_DAYS);
    },
  };
}
