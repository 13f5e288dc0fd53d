import type { Database } from '#platform';

/** How long what became of a message is kept, in days from its end. A person is told of what did not reach them for 30 of them. */
const MESSAGES_KEPT_DAYS = 90;
const SCHEDULED_KEPT_DAYS = 365;
/** The most rows that one statement deletes: others wait for a moment at most. */
const BATCH_MAX = 1_000;

/** Deletes the rows of notifications whose time is over. */
export abstract class MailRetention {
  /**
   * Delete, in batches of 1,000 and passing over rows in use:
   * - messages of the outbox with their deliveries, 90 days after they were sent, given up or dropped. What is still owed stays.
   * - rows of `scheduled_mail`, a year after they were written: they keep people from being thanked twice when a Café is moved after its event.
   * Budgets (`mail_budget`) go by themselves after two days, when an hour's first message is counted.
   * Safe to run anywhere, at any time.
   */
  abstract tidy(): Promise<void>;
}

// Ids are UUIDv7, and no row is done before it is made: the rows that may be old enough stand at the beginning of the primary key.
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
