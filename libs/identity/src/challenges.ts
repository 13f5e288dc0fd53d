import { type Locale, ProblemError } from '#contract';
import { type Database, prepared } from '#platform';
import { type InstallationSecret, SignInSecrets, sameText } from './secrets.ts';

/** How long the link in a mail is good, in minutes, if no seat is kept for longer. */
export const CHALLENGE_TTL_MINUTES = 30;
/** How long the code in the same mail is good, in minutes. It is shorter because a code can be guessed and a link cannot. */
const CODE_TTL_MINUTES = 10;
/** The maximum number of tries of one challenge with the token of its link or the claim token of its registration. */
const ATTEMPTS_MAX = 10;
const LINK_TTL = `${CHALLENGE_TTL_MINUTES} minutes`;
const CODE_TTL = `${CODE_TTL_MINUTES} minutes`;

/** A sign-in that was asked for. Its code and token derive from the id. */
export interface Challenge {
  id: string;
  email: string;
  locale: Locale;
  /** When its link expires; ISO 8601. */
  expiresAt: string;
  /** When its code expires, not later than the link; ISO 8601. */
  codeExpiresAt: string;
  /** The guest registration whose mail contains the code and the link. */
  registrationId?: string;
  /** The link of an operator: it can be used repeatedly until it expires, in any browser. */
  reusable: boolean;
  /** The number of digits of its code. */
  digits: number;
}

/** In how many seconds an address may ask for another mail, and whether the last code that was sent works until then. */
export interface ResendDelay {
  inSeconds: number;
  codeIsGood: boolean;
}

/**
 * What a browser presents with its answer: the ids in its cookie (challenges and registrations), and the registrations of its claim tokens.
 * The registration of the page where the code was typed is first.
 */
export interface Presented {
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

const SELECT_CHALLENGE =
  'select id, email, locale, expires_at, code_expires_at, registration_id, reusable, digits from sign_in_challenge';
/** The id whose code is compared if an address has no challenge, so that a try takes the same time for all addresses. */
const NO_CHALLENGE = { id: '00000000-0000-7000-8000-000000000000', digits: 6 };

/**
 * The challenges of sign-ins. The clock of the database decides whether a challenge is open, because it sets all times of a challenge.
 * These statements are therefore SQL, and statements with several effects are SQL functions.
 */
export class Challenges {
  readonly secrets: SignInSecrets;
  readonly #database: Database;

  constructor(database: Database, { APP_SECRET: secret }: InstallationSecret) {
    this.#database = database;
    this.secrets = new SignInSecrets(secret);
  }

  /**
   * Enqueues a mail with a code and a link. It reuses the challenge of the last mail while that is good for some minutes more.
   * @param options `token` of the link that is open in the browser: its challenge is reused; `share` (0 to 1): the part of the budget of
   * mails to unproved addresses that this request may use; `localeFallback`: the language if none is requested and no attendee has one
   * @returns the challenge whose mail was sent last; `isNew`: this call created it; `again`: no mail is sent now
   */
  async ask(
    email: string,
    locale: Locale | undefined,
    {
      askedIds,
      token,
      share,
      localeFallback,
    }: {
      askedIds: readonly string[];
      token: string | undefined;
      share: number;
      localeFallback?: Locale;
    },
  ): Promise<{ challengeId: string; isNew: boolean; again?: ResendDelay }> {
    const linkOf = token === undefined ? null : (this.secrets.challengeOf(token) ?? null);
    const { rows } = await this.#database.pool.query<AskedRow>(
      prepared('select * from sign_in_ask($1, $2, $3, $4, $5, $6, $7, $8)', [
        email,
        locale ?? null,
        askedIds,
        linkOf,
        LINK_TTL,
        CODE_TTL,
        share,
        localeFallback ?? null,
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

  /** Returns the challenge for a mail that is being written: the open one of its registration, otherwise a new one. */
  async forMail(
    person: { email: string; locale: Locale },
    registrationId: string | undefined,
    until: string | undefined,
  ): Promise<string> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
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

  /** Creates a challenge whose link can be used repeatedly until it expires. Its code does not sign in. @returns its id */
  async addReusable(email: string, locale: Locale, ttlMinutes: number): Promise<string> {
    // The clock of the database decides when the challenge expires.
    const added = await this.#database.pool.query<{ id: string }>(
      `insert into sign_in_challenge (email, locale, expires_at, reusable)
       values ($1, $2, now() + make_interval(mins => $3), true) returning id`,
      [email, locale, ttlMinutes],
    );
    return (added.rows[0] as { id: string }).id;
  }

  async find(id: string): Promise<Challenge | undefined> {
    const found = await this.#database.prisma.signInChallenge.findUnique({ where: { id } });
    if (!found) return undefined;
    const { email, locale, expiresAt, codeExpiresAt, registrationId, reusable, digits } = found;
    return {
      id,
      email,
      locale: locale as Locale,
      expiresAt: expiresAt.toISOString(),
      codeExpiresAt: codeExpiresAt.toISOString(),
      ...(registrationId && { registrationId }),
      reusable,
      digits,
    };
  }

  /** Returns the open challenge of a link's token. If its code is checked too, the code must not have expired. */
  async ofToken(token: string, withCode: boolean): Promise<Challenge | undefined> {
    const id = this.secrets.challengeOf(token);
    if (!id) return undefined;
    return this.#one(
      `${SELECT_CHALLENGE} where id = $1 and used_at is null and expires_at > now() and (not $2 or code_expires_at > now())`,
      [id, withCode],
    );
  }

  /**
   * Returns the challenge of an address with which a code is compared. It is the first of these that exists: the challenge of the first
   * claim token, or one that the browser asked for since; the newest of its other claims; the challenge of a claim of this browser that was
   * used in another browser; the newest of the address.
   */
  ofAddress(email: string, { askedIds, claimedIds }: Presented): Promise<Challenge | undefined> {
    return this.#one(
      `${SELECT_CHALLENGE}
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
   * Counts a try with the token of the link or the claim token of the registration. Call it before the code is compared.
   * @throws ProblemError `code-locked` after ten tries in all
   */
  async countTry({ id, codeExpiresAt }: Challenge): Promise<void> {
    const { count } = await this.#database.prisma.signInChallenge.updateMany({
      where: { id, attempts: { lt: ATTEMPTS_MAX } },
      data: { attempts: { increment: 1 } },
    });
    if (count === 1) return;
    const seconds = Math.ceil((Date.parse(codeExpiresAt) - Date.now()) / 1_000);
    throw new ProblemError('code-locked', {}, Math.max(1, seconds));
  }

  /** Returns whether this is the code of the challenge. The comparison takes the same time without a challenge. */
  isCode(challenge: Challenge | undefined, code: string): boolean {
    const { id, digits } = challenge ?? NO_CHALLENGE;
    return sameText(this.secrets.code(id, digits), code) && challenge !== undefined;
  }

  /**
   * Ends the challenge and all others of its address, except reusable ones.
   * @param byClaim the answer contains the claim token of the page that claimed
   * @returns whether this call ended it: of several simultaneous calls, one does
   */
  async consume(id: string, byClaim: boolean): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ first: boolean }>(
      prepared('select sign_in_consume($1, $2) as first', [id, byClaim]),
    );
    return rows[0]?.first === true;
  }

  async #one(text: string, values: unknown[]): Promise<Challenge | undefined> {
    const found = await this.#database.pool.query<ChallengeRow>(prepared(text, values));
    return found.rows[0] && challengeOfRow(found.rows[0]);
  }
}

function challengeOfRow(row: ChallengeRow): Challenge {
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
