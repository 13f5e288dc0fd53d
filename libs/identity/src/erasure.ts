import { type Database, sqlState } from '#platform';
import type { Attendees } from './attendees.ts';
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

/** The stored answers to other people that contain the id or the address of an attendee. The table has the answers of one day. */
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
      await this.#redactAnswers(attendeeId);
      await this.#database.pool.query(ERASE, [attendeeId, SESSION_TTL_DAYS + 1]);
    } catch (error) {
      if ([FOREIGN_KEY_VIOLATION, DEADLOCK].includes(sqlState(error) ?? '')) return false;
      throw error;
    }
    this.#sessions.refuse(attendeeId);
    return true;
  }

  /** A repeated request is then answered as before, without the name. If it ran again, it would create the attendee again. */
  async #redactAnswers(attendeeId: string): Promise<void> {
    const attendee = await this.#attendees.findById(attendeeId);
    if (!attendee) return;
    const { email } = attendee;
    const { pool, prisma } = this.#database;
    const found = await pool.query<{ scope: string; key: string; answer: unknown }>(ANSWERS_ABOUT, [attendeeId, email]);
    for (const { scope, key, answer } of found.rows) {
      await prisma.idempotencyKey.updateMany({
        where: { scope, key },
        data: { answer: withoutAttendee(answer, [attendeeId, email]) },
      });
    }
  }
}
