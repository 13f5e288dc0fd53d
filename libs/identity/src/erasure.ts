import { type Database, inTransaction, sqlState } from '#platform';
import type { Attendee, Attendees } from './attendees.ts';
import { withoutAttendee } from './redaction.ts';
import { SESSION_TTL_DAYS, type Sessions } from './sessions.ts';

/** The attendee still has a seat (trigger registration_ends_first). */
const FOREIGN_KEY_VIOLATION = '23503';
/** The database aborted this transaction because of a deadlock. */
const DEADLOCK = '40P01';

/**
 * One statement and one commit: a code that remained valid after the erasure would create the attendee again. A revocation is kept for a
 * day longer than a session lasts.
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

/** These mails remove seats from the attendee's calendar, and are still sent. */
const KEEP_RECIPIENT = 'select mail_recipient_keep($1, $2, $3, $4)';

/** Entries of the audit log keep the id, which identifies nobody any more. */
const REDACT_AUDIT_LOG = 'select audit_log_redact($1, $2, $3)';

/** Selects the stored answers to others that contain an attendee's id or address. The table contains the answers of one day. */
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
   * Erases an attendee and all data about them in the tables of this lib: sessions end, roles are deleted, codes and links stop working,
   * stored answers to the attendee are deleted, and stored answers to others lose the attendee's name and address. Other libs delete their
   * data by their own rules. For an unknown id, it ends the sessions of that id and changes nothing else.
   * @returns false while the attendee has a seat or is waitlisted (end those registrations first), or after a conflict with another
   * transaction (retry)
   */
  async erase(attendeeId: string): Promise<boolean> {
    try {
      const attendee = await this.#attendees.findById(attendeeId);
      if (attendee) await this.#redactAnswers(attendee);
      await inTransaction(this.#database.pool, async (client) => {
        // An attendee without an address gets no message, and is in no entry of the audit log.
        if (attendee?.email) {
          const { name, email, locale } = attendee;
          await client.query(KEEP_RECIPIENT, [attendeeId, name, email, locale]);
          await client.query(REDACT_AUDIT_LOG, [attendeeId, email, name]);
        }
        await client.query(ERASE, [attendeeId, SESSION_TTL_DAYS + 1]);
      });
    } catch (error) {
      if ([FOREIGN_KEY_VIOLATION, DEADLOCK].includes(sqlState(error) ?? '')) return false;
      throw error;
    }
    this.#sessions.refuse(attendeeId);
    return true;
  }

  /** The stored answer to a repeated request stays, without the name. If the request ran again, it would create the attendee again. */
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
