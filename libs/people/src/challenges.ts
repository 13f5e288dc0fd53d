import type { Pool } from 'pg';
import type { Locale } from '#contract';
import { prepared } from '#platform';
import { SignInSecrets, sameText } from './secrets.ts';

/** How long a code and its link are good for, in minutes. */
export const CHALLENGE_TTL_MINUTES = 30;
/** How many codes may be tried against one challenge; its link stays good, so nobody can be locked out by another. */
const ATTEMPTS_MAX = 5;
/** How many mails with a code one address is sent in a quarter of an hour. */
const ASKED_MAX = 5;
const ASKED_WITHIN = '15 minutes';
/** A challenge is given to another mail only while at least this much of its time is left. */
const LEFT_AT_LEAST = '15 minutes';

/** One asking to sign in, without what opens it. */
export interface Challenge {
  id: string;
  email: string;
  locale: Locale;
  expiresAt: string;
}

interface ChallengeRow {
  id: string;
  email: string;
  locale: Locale;
  expires_at: Date;
}

const OPEN = 'used_at is null and expires_at > now()';

/** The askings to sign in: who asked, whether a code or a token answers, and that each is used once. */
export class Challenges {
  readonly secrets: SignInSecrets;
  readonly #pool: Pool;

  constructor(pool: Pool, secret: string) {
    this.#pool = pool;
    this.secrets = new SignInSecrets(secret);
  }

  /** Make a challenge and owe its mail, in one statement; nothing when the address asked too often lately. */
  async ask(email: string, locale: Locale): Promise<void> {
    await this.#pool.query(
      prepared(
        `with challenge as (
               insert into sign_in_challenge (email, locale, expires_at)
               select $1, $2, now() + make_interval(mins => $3)
               where (select count(*) from sign_in_challenge where email = $1 and created_at > now() - $5::interval) < $4
               returning id
             ), told as (
               insert into outbox (kind, attendee_id, challenge_id)
               select 'sign-in-code', (select id from attendee where email = $1), id from challenge
               returning id
             )
             select pg_notify('outbox', '') from told`,
        [email, locale, CHALLENGE_TTL_MINUTES, ASKED_MAX, ASKED_WITHIN],
      ),
    );
  }

  /**
   * The id of an open challenge of an address with time and tries left, made if there is none: in the language asked for last, and good
   * until this instant at least. Sends nothing.
   */
  async ensure(email: string, locale: Locale, until?: string): Promise<string> {
    const open = await this.#pool.query<{ id: string }>(
      prepared(
        `update sign_in_challenge set locale = $3, expires_at = greatest(expires_at, $5::timestamptz)
             where id = (
               select id from sign_in_challenge
               where email = $1 and not reusable and ${OPEN} and expires_at > now() + $2::interval and attempts < $4
               order by id desc limit 1
             )
             returning id`,
        [email, LEFT_AT_LEAST, locale, ATTEMPTS_MAX, until ?? null],
      ),
    );
    return open.rows[0]?.id ?? this.#add(email, locale, CHALLENGE_TTL_MINUTES, false, until);
  }

  /** A challenge whose link an operator may use again and again until it expires. */
  addReusable(email: string, locale: Locale, ttlMinutes: number): Promise<string> {
    return this.#add(email, locale, ttlMinutes, true);
  }

  async find(id: string): Promise<Challenge | undefined> {
    const found = await this.#pool.query<ChallengeRow>(
      'select id, email, locale, expires_at from sign_in_challenge where id = $1',
      [id],
    );
    return found.rows[0] && challenge(found.rows[0]);
  }

  /** The open challenge that six digits answer. Every try is counted before it is looked at. */
  async answerCode(email: string, code: string): Promise<Challenge | undefined> {
    const tried = await this.#pool.query<ChallengeRow>(
      `update sign_in_challenge set attempts = attempts + 1
       where email = $1 and not reusable and ${OPEN} and attempts < $2
       returning id, email, locale, expires_at`,
      [email, ATTEMPTS_MAX],
    );
    const answered = tried.rows.filter((row) => sameText(this.secrets.code(row.id), code));
    return answered[0] && challenge(answered[0]);
  }

  /** The open challenge that a link's token answers. */
  async answerToken(token: string): Promise<Challenge | undefined> {
    const id = this.secrets.challengeOf(token);
    if (!id) return undefined;
    const found = await this.#pool.query<ChallengeRow>(
      `select id, email, locale, expires_at from sign_in_challenge where id = $1 and ${OPEN}`,
      [id],
    );
    return found.rows[0] && challenge(found.rows[0]);
  }

  /**
   * It has done its work; its code and link open nothing more, but for a reusable one.
   * @returns whether this was the first time: of several who answer it at once, one is let in.
   */
  async consume(id: string): Promise<boolean> {
    const used = await this.#pool.query(
      'update sign_in_challenge set used_at = case when not reusable then now() end where id = $1 and used_at is null',
      [id],
    );
    return used.rowCount === 1;
  }

  /** Forget what has been over for a day. */
  async tidy(): Promise<void> {
    await this.#pool.query(`delete from sign_in_challenge where expires_at < now() - interval '1 day'`);
  }

  async #add(email: string, locale: Locale, ttlMinutes: number, reusable: boolean, until?: string): Promise<string> {
    const added = await this.#pool.query<{ id: string }>(
      prepared(
        `insert into sign_in_challenge (email, locale, expires_at, reusable)
             values ($1, $2, greatest(now() + make_interval(mins => $3), $5::timestamptz), $4) returning id`,
        [email, locale, ttlMinutes, reusable, until ?? null],
      ),
    );
    return (added.rows[0] as { id: string }).id;
  }
}

function challenge(row: ChallengeRow): Challenge {
  return { id: row.id, email: row.email, locale: row.locale, expiresAt: row.expires_at.toISOString() };
}
