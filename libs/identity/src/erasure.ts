import { type Database, inTransaction, sqlState } from '#platform';
import type { Attendee, Attendees } from './attendees.ts';
import { withoutAttendee } from './redaction.ts';
import { SESSION_TTL_DAYS, type Sessions } from './sessions.ts';

/** The attendee still has a seat (trigger registration_ends_first). */
const FOREIGN_KEY_VIOLATION = '23503';
/** Two transactions waited for each other, and the database ended this one. */
const DEADLOCK = '40P01';

/**
 * One statement, one commit: a code that outlived its attendee would create them again. A revocation outlives every session (a day more than
 * a session lasts).
 */
const ERASE = `
  with erased as (delete from attendee where id = $1 returning email),
  codes as (delete from sign_in_challenge c using erased e where c.email = e.email),
  mails as (delete from sign_in_mails m using erased e where m.mailbox = mailbox_of(e.email)),
  sessions as (
    insert into session_revocation (session_id, expires_at) values ($1, now() + make_interval(days => $2))
    on conflict do nothing
  )
  delete from idempotency_key k using erased e where split_part(k.scope, ' ', 2) in ($1::text, e.email)`;

/** The messages that take their seats out of their calendar still go to them. */
const KEEP_RECIPIENT = 'select mail_recipient_keep($1, $2, $3, $4)';

/** The stored answers to others that say an attendee's id or address. The table holds the answers of a day. */
const ANSWERS_ABOUT = `
  select scope, key, answer from idempotency_key
  where strpos(answer::text, $1) > 0 or strpos(answer::text, to_json($2::text)::text) > 0`;

/** Erases the personal data of attendees in the tables of this lib. */
export class Erasure {
  readonly #database: Database;
  readonly #attendees: Attendees;
  readonly #sessions: Sessions;

  constructor(database: Database, attendees: Attendees, sessions: Sessions) {
    this.#database = database;
    this.#attendees = attendees;
    this.#sessions = sessions;
  }

  /**
   * Erases an attendee and everything that is kept of them here: every session ends, roles go, codes and links stop working, stored answers
   * to them go, and stored answers to others lose their name and address. What others keep goes by its own rules. An id that nobody has ends
   * its sessions and changes nothing else.
   * @returns false while they still have a seat or wait for one (end those first), or when another transaction was in the way: try again
   */
  async erase(attendeeId: string): Promise<boolean> {
    try {
      const attendee = await this.#attendees.findById(attendeeId);
      if (attendee) await this.#redactAnswers(attendee);
      await inTransaction(this.#database.pool, async (client) => {
        if (attendee?.email)
          await client.query(KEEP_RECIPIENT, [attendeeId, attendee.name, attendee.email, attendee.locale]);
        await client.query(ERASE, [attendeeId, SESSION_TTL_DAYS + 1]);
      });
    } catch (error) {
      if ([FOREIGN_KEY_VIOLATION, DEADLOCK].includes(sqlState(error) ?? '')) return false;
      throw error;
    }
    this.#sessions.refuse(attendeeId);
    return true;
  }

  /** A repeated request is then answered as before, without the name: run again, it would create the attendee anew. */
  async #redactAnswers({ attendeeId, email }: Attendee): Promise<void> {
    const { pool, prisma } = this.#database;
    const marks = [attendeeId, ...(email ? [email] : [])];
    const found = await pool.query<{ scope: string; key: string; answer: unknown }>(ANSWERS_ABOUT, [attendeeId, email]);
    for (const { scope, key, answer } of found.rows) {
      await prisma.idempotencyKey.updateMany({
        where: { scope, key },
        data: { answer: withoutAttendee(answer, marks) },
      });
    }
  }
}
