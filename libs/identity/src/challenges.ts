import { type Locale, ProblemError } from '#contract';
import { type Database, prepared } from '#platform';
import { type InstallationSecret, SignInSecrets, sameText } from './secrets.ts';

/** How long the link of a mail is good for, in minutes, where no seat is kept for longer. */
export const CHALLENGE_TTL_MINUTES = 30;
/** How long the code beside it is good for, in minutes: it can be guessed, the link cannot. */
const CODE_TTL_MINUTES = 10;
/** How often one challenge may be tried with the token of its link or the claim token of its registration, in all. */
const ATTEMPTS_MAX = 10;
const LINK_TTL = `${CHALLENGE_TTL_MINUTES} minutes`;
const CODE_TTL = `${CODE_TTL_MINUTES} minutes`;

/** A sign-in that was asked for. What opens it (code and token) derives from the id. */
export interface Challenge {
  id: string;
  email: string;
  locale: Locale;
  /** When its link stops working; ISO 8601. */
  expiresAt: string;
  /** When its code stops working, not after the link; ISO 8601. */
  codeExpiresAt: string;
  /** The guest registration whose mail holds the code and the link. */
  registrationId?: string;
  /** The link of an operator: it works again until it expires, in any browser. */
  reusable: boolean;
  /** How many digits its code has. */
  digits: number;
}

/** In how many seconds an address may ask for a mail again, and whether the code that was sent last works until then. */
export interface MailAgain {
  inSeconds: number;
  codeIsGood: boolean;
}

/**
 * What a browser presents with its answer: the ids in its cookie (challenges and registrations), and the registrations of its claim
 * tokens, first that of the page where the code was typed.
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
/** Its code is compared where an address has no challenge, so that a try takes the same time for every address. */
const NO_CHALLENGE = { id: '00000000-0000-7000-8000-000000000000', digits: 6 };

/**
 * The challenges of sign-ins. Whether one is still open is decided by the database's clock, as all times of a challenge are: those
 * statements are SQL, and the functions with several effects are called by their names.
 */
export class Challenges {
  readonly secrets: SignInSecrets;
  readonly #database: Database;

  constructor(database: Database, { APP_SECRET: secret }: InstallationSecret) {
    this.#database = database;
    this.secrets = new SignInSecrets(secret);
  }

  /**
   * Enqueues a mail with a code and a link, with the same challenge as the last mail while that works for some minutes more.
   * @param options `token` of the link that the browser has open: its challenge is sent again; `share` (0 to 1) of the budget of
   *   mails to unproved addresses that this request may use;
   *   `localeFallback`: the language where none is asked for and no attendee has one
   * @returns the challenge whose mail was sent last; `isNew`: this call made it; `again` when no mail is sent now
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
  ): Promise<{ challengeId: string; isNew: boolean; again?: MailAgain }> {
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

  /** The challenge of a mail that is being written: the open one of its registration, else a new one. */
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

  /** Adds a challenge whose link works any number of times until it expires. Its code does not sign in. @returns its id */
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

  /** The open challenge that a link's token was made for; where its code is tried as well, as long as the code is good. */
  async ofToken(token: string, withCode: boolean): Promise<Challenge | undefined> {
    const id = this.secrets.challengeOf(token);
    if (!id) return undefined;
    return this.#one(
      `${SELECT_CHALLENGE} where id = $1 and used_at is null and expires_at > now() and (not $2 or code_expires_at > now())`,
      [id, withCode],
    );
  }

  /**
   * The one challenge of an address with which a code is compared: that of the first claim, or one that the browser asked for since;
   * else the newest of its other claims; else that of a claim of this browser which another browser used; else the newest of the address.
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
   * @throws ProblemError `code-locked` after ten in all
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

  /** Whether this is the code of the challenge. It takes the same time without a challenge. */
  isCode(challenge: Challenge | undefined, code: string): boolean {
    const { id, digits } = challenge ?? NO_CHALLENGE;
    return sameText(this.secrets.code(id, digits), code) && challenge !== undefined;
  }

  /**
   * Ends the challenge and all others of its address, except reusable ones.
   * @param byClaim the page that claimed answered it, with its claim token
   * @returns whether this call ended it: of several calls at once, one does
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
