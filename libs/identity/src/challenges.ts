import type { Pool } from 'pg';
import { type Locale, ProblemError } from '#contract';
import { prepared } from '#platform';
import { SignInSecrets, sameText } from './secrets.ts';
import { deleteInBatches } from './tidying.ts';

/** How long the link of a mail is good for, in minutes, where no seat is kept for longer. */
export const CHALLENGE_TTL_MINUTES = 30;
/** How long the code beside it is good for, in minutes: it can be guessed, the link cannot. */
const CODE_TTL_MINUTES = 10;
/** How often one challenge may be tried with the token of its link or the claim token of its registration, in all. */
const ATTEMPTS_MAX = 10;
const LINK_TTL = `${CHALLENGE_TTL_MINUTES} minutes`;
const CODE_TTL = `${CODE_TTL_MINUTES} minutes`;

/** A sign-in that was asked for, without what opens it. */
export interface Challenge {
  id: string;
  email: string;
  locale: Locale;
  /** The end of its link. */
  expiresAt: string;
  /** The end of its code, before that of the link or at the same time. */
  codeExpiresAt: string;
  /** The guest registration whose mail holds its code and link. */
  registrationId?: string;
  /** A link that an operator printed: it works again until it expires, in any browser. */
  reusable: boolean;
  /** How many digits its code has. */
  digits: number;
}

/** When an address may ask for a mail again, and whether the code that was sent to it last is good until then. */
export interface MailAgain {
  inSeconds: number;
  codeIsGood: boolean;
}

/**
 * What a browser that answers brings along: the ids in its cookie (challenges and registrations), and the registrations of its claim
 * tokens, that of the page where the code was typed first.
 */
export interface Brought {
  askedIds: readonly string[];
  claimedIds: readonly string[];
}

interface ChallengeRow {
  id: string;
  email: string;
  locale: Locale;
  expires_at: Date;
  code_expires_at: Date;
  registration_id: string | null;
  reusable: boolean;
  digits: number;
}

interface AskedRow {
  challenge_id: string;
  is_new: boolean;
  is_later: boolean;
  again_in_seconds: number | null;
}

const selectChallenge =
  'select id, email, locale, expires_at, code_expires_at, registration_id, reusable, digits from sign_in_challenge';
/** Its code is compared where an address has no challenge, so that a try takes the same time for every address. */
const NO_CHALLENGE = { id: '00000000-0000-7000-8000-000000000000', digits: 6 };

/** The challenges of sign-ins: who asked, whether a code or a token answers, and that each is used once. */
export class Challenges {
  readonly secrets: SignInSecrets;
  readonly #pool: Pool;

  constructor(pool: Pool, secret: string) {
    this.#pool = pool;
    this.secrets = new SignInSecrets(secret);
  }

  /**
   * Enqueue a mail with a code and a link, with the same challenge as the last mail while that is good for some minutes more.
   * @param brought `token` of the link that the browser has open: its challenge is the one that is sent again; `share` of the budget of
   *   mails to unproved addresses that this request may use
   * @returns the challenge whose mail was sent last; `isNew`: this call made it; `again` where the answer is that no mail goes now
   */
  async ask(
    email: string,
    locale: Locale | undefined,
    { askedIds, token, share }: { askedIds: readonly string[]; token: string | undefined; share: number },
  ): Promise<{ challengeId: string; isNew: boolean; again?: MailAgain }> {
    const linkOf = token === undefined ? null : (this.secrets.challengeOf(token) ?? null);
    const { rows } = await this.#pool.query<AskedRow>(
      prepared('select * from sign_in_ask($1, $2, $3, $4, $5, $6, $7)', [
        email,
        locale ?? null,
        askedIds,
        linkOf,
        LINK_TTL,
        CODE_TTL,
        share,
      ]),
    );
    const row = rows[0] as AskedRow;
    const inSeconds = row.again_in_seconds;
    return {
      challengeId: row.challenge_id,
      isNew: row.is_new,
      ...(inSeconds !== null && { again: { inSeconds, codeIsGood: !row.is_later } }),
    };
  }

  /** The challenge of a mail that is being written: the open one of its registration, else a new one. */
  async forMail(
    person: { email: string; locale: Locale },
    registrationId: string | undefined,
    until: string | undefined,
  ): Promise<string> {
    const { rows } = await this.#pool.query<{ id: string }>(
      prepared('select sign_in_challenge_for($1, $2, $3, $4, $5, $6) as id', [
        person.email,
        person.locale,
        registrationId ?? null,
        until ?? null,
        LINK_TTL,
        CODE_TTL,
      ]),
    );
    return (rows[0] as { id: string }).id;
  }

  /** A challenge whose link an operator may use again and again until it expires. Its code opens nothing. */
  async addReusable(email: string, locale: Locale, ttlMinutes: number): Promise<string> {
    const added = await this.#pool.query<{ id: string }>(
      `insert into sign_in_challenge (email, locale, expires_at, reusable)
       values ($1, $2, now() + make_interval(mins => $3), true) returning id`,
      [email, locale, ttlMinutes],
    );
    return (added.rows[0] as { id: string }).id;
  }

  find(id: string): Promise<Challenge | undefined> {
    return this.#one(`${selectChallenge} where id = $1`, [id]);
  }

  /** The open challenge that a link's token was made for; where its code is tried as well, as long as the code is good. */
  async ofToken(token: string, withCode: boolean): Promise<Challenge | undefined> {
    const id = this.secrets.challengeOf(token);
    if (!id) return undefined;
    return this.#one(
      `${selectChallenge} where id = $1 and used_at is null and expires_at > now() and (not $2 or code_expires_at > now())`,
      [id, withCode],
    );
  }

  /**
   * The one challenge of an address with which a code is compared: that of the first claim, or one that the browser asked for since;
   * else the newest of its other claims; else that of a claim of this browser which another browser used; else the newest of the address.
   */
  ofAddress(email: string, { askedIds, claimedIds }: Brought): Promise<Challenge | undefined> {
    return this.#one(
      `${selectChallenge}
       where email = $1 and not reusable and code_expires_at > now()
         and (used_at is null or (registration_id = any ($3) and used_by_claim_at is null))
       order by case
         when registration_id = $4 or (id = any ($2) and used_at is null) then 1
         when used_at is not null then 3
         when registration_id = any ($2) or registration_id = any ($3) then 2
         else 4 end, id desc
       limit 1`,
      [email, askedIds, claimedIds, claimedIds[0] ?? null],
    );
  }

  /**
   * Count a try by somebody who has the token of its link, or the claim token of its registration: before its code is compared.
   * @throws ProblemError `code-locked` after ten in all
   */
  async countTry({ id, codeExpiresAt }: Challenge): Promise<void> {
    const { rowCount } = await this.#pool.query(
      prepared('update sign_in_challenge set attempts = attempts + 1 where id = $1 and attempts < $2', [
        id,
        ATTEMPTS_MAX,
      ]),
    );
    if (rowCount !== 1) {
      const seconds = Math.ceil((Date.parse(codeExpiresAt) - Date.now()) / 1_000);
      throw new ProblemError('code-locked', {}, Math.max(1, seconds));
    }
  }

  /** Whether this is the code of the challenge. Takes as long without a challenge. */
  isCode(challenge: Challenge | undefined, code: string): boolean {
    const { id, digits } = challenge ?? NO_CHALLENGE;
    return sameText(this.secrets.code(id, digits), code) && challenge !== undefined;
  }

  /**
   * End the challenge and all others of its address, but for reusable ones.
   * @param byClaim it was answered by the page that claimed, with its claim token
   * @returns whether this was the first time: of several who answer it at once, one is let in
   */
  async consume(id: string, byClaim: boolean): Promise<boolean> {
    const { rows } = await this.#pool.query<{ first: boolean }>('select sign_in_consume($1, $2) as first', [
      id,
      byClaim,
    ]);
    return rows[0]?.first === true;
  }

  /** Forget what has been over for a day. */
  async tidy(): Promise<void> {
    await deleteInBatches(this.#pool, 'sign_in_challenge', `expires_at < now() - interval '1 day'`);
    await deleteInBatches(
      this.#pool,
      'sign_in_mails',
      `mailed_at[cardinality(mailed_at)] > now() - interval '1 day' is not true`,
    );
  }

  async #one(text: string, values: unknown[]): Promise<Challenge | undefined> {
    const found = await this.#pool.query<ChallengeRow>(prepared(text, values));
    return found.rows[0] && challenge(found.rows[0]);
  }
}

function challenge(row: ChallengeRow): Challenge {
  return {
    id: row.id,
    email: row.email,
    locale: row.locale,
    expiresAt: row.expires_at.toISOString(),
    codeExpiresAt: row.code_expires_at.toISOString(),
    ...(row.registration_id && { registrationId: row.registration_id }),
    reusable: row.reusable,
    digits: row.digits,
  };
}
