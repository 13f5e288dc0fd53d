import { type Database, inTransaction } from '#platform';

const TIDY_EVERY_MS = 3_600_000;
/** The maximum number of rows that one statement deletes, and of statements for one table in one run: 1 million rows an hour. */
const BATCH_ROWS_MAX = 1_000;
const BATCHES_MAX = 1_000;
/** The maximum number of attendees that one transaction deletes. Claims wait for it, some milliseconds. */
const ATTENDEES_MAX = 100;

/**
 * When rows of this lib expire. Rows of `role_grant` are deleted with their attendee. Attendees are deleted on their request (`Erasure`), or by
 * `UNUSED_ATTENDEE`. Attendees without an address cannot request it: `STRANGER` selects them.
 */
const EXPIRED: [table: string, rows: string][] = [
  // A day after the link stopped working: until then, a page shows why the challenge ended.
  ['sign_in_challenge', `from sign_in_challenge where expires_at < now() - interval '1 day'`],
  // The pauses and limits of mails use the last hour.
  [
    'sign_in_mails',
    `from sign_in_mails where mailed_at[cardinality(mailed_at)] > now() - interval '1 day' is not true`,
  ],
  // The limits of tries use the last day.
  ['code_tries', `from code_tries where last_at < now() - interval '25 hours'`],
  // By then, all sessions that it ends have expired.
  ['session_revocation', 'from session_revocation where expires_at < now()'],
  // The contract promises the same answer for a day.
  ['idempotency_key', `from idempotency_key where created_at < now() - interval '1 day'`],
];

/** Selects an attendee `a` who was created by a typed address alone, a day ago or more, for example by a claim without a result. */
const UNUSED_ATTENDEE = `a.email_proved_at is null and a.created_at < now() - interval '1 day'
  and not attendee_has_registration(a.id) and not attendee_has_delivery(a.id)
  and not exists (select from role_grant g where g.attendee_id = a.id)
  and not exists (select from sign_in_challenge c where c.email = a.email)`;

/**
 * Selects an attendee `a` without an address whose Cafés ended 30 days ago or more: the name and the organisation are deleted, the counts stay.
 * `UNUSED_ATTENDEE` selects those without a registration.
 */
const STRANGER = `a.email is null and a.name <> '' and attendee_cafes_over_at(a.id) < now() - interval '30 days'`;

/** Deletes expired rows of this lib (see `EXPIRED` and `UNUSED_ATTENDEE`), and the names of attendees without an address. */
export class Retention {
  readonly #pool: Database['pool'];
  #timer: NodeJS.Timeout | undefined;

  constructor({ pool }: Database) {
    this.#pool = pool;
  }

  /** Runs now. Safe to run in several processes at once. */
  async run(): Promise<void> {
    await Promise.all(EXPIRED.map(([table, rows]) => this.#deleteExpired(table, rows)));
    // Attendees are deleted last, because an open challenge keeps its attendee.
    await this.#deleteAttendees();
    await this.#deleteNames();
  }

  /** Runs every hour from now on. After an error, the next run repeats the work. */
  start(): void {
    this.#timer = setInterval(() => this.run().catch(() => {}), TIDY_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Skips locked rows. Both arguments are constants of this file. */
  async #deleteExpired(table: string, rows: string): Promise<void> {
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const { rowCount } = await this.#pool.query(
        `delete from ${table} where ctid = any (array(
           select ctid ${rows} limit ${BATCH_ROWS_MAX} for update skip locked
         ))`,
      );
      if (rowCount !== BATCH_ROWS_MAX) return;
    }
  }

  async #deleteNames(): Promise<void> {
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const { rowCount } = await this.#pool.query(
        `update attendee set name = '', organisation = null where id = any (array(
           select a.id from attendee a where ${STRANGER} limit ${BATCH_ROWS_MAX} for update skip locked
         ))`,
      );
      if (rowCount !== BATCH_ROWS_MAX) return;
    }
  }

  async #deleteAttendees(): Promise<void> {
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const { rows } = await this.#pool.query<{ id: string }>(
        `select a.id from attendee a where ${UNUSED_ATTENDEE} limit ${ATTENDEES_MAX}`,
      );
      if (rows.length === 0) return;
      const ids = rows.map(({ id }) => id);
      const deleted = await inTransaction(this.#pool, async (client) => {
        await client.query('select registrations_lock()');
        return client.query(`delete from attendee a where a.id = any ($1) and ${UNUSED_ATTENDEE}`, [ids]);
      });
      if (deleted.rowCount !== ATTENDEES_MAX) return;
    }
  }
}
