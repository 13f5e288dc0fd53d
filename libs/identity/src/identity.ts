import { createHmac } from 'node:crypto';
import {
  defaultLocale,
  type GuestClaim,
  type Locale,
  type Me,
  type MeChange,
  ProblemError,
  type Role,
} from '#contract';
import { type Database, inTransaction, prepared } from '#platform';
import { AskedCookie } from './asked-cookie.ts';
import { CalendarFeeds } from './calendar-feeds.ts';
import { type Brought, type Challenge, Challenges, type MailAgain } from './challenges.ts';
import { CodeTries } from './code-tries.ts';
import { type Answer, Idempotency, type RepeatableRequest } from './idempotency.ts';
import { RegistrationLinks } from './registration-links.ts';
import { type RoleHolder, Roles } from './roles.ts';
import { derivedKey, SealedIds } from './secrets.ts';
import { SESSION_TTL_DAYS, type Session, Sessions } from './sessions.ts';

export interface IdentityOptions {
  database: Database;
  /** The secret of the installation (`APP_SECRET`), from which every key is derived. */
  secret: string;
  /** Where the pages are, without a slash at the end: links start with it. */
  publicUrl: string;
}

/** What the other parts know of a person. `proved`: they once showed that they read the mailbox of `email`. */
export interface Person {
  attendeeId: string;
  name: string;
  organisation?: string;
  email: string;
  locale: Locale;
  proved: boolean;
  /** Whether they want to be reminded of their seats. */
  reminders: boolean;
  /** The client that typed the address last had caused many mails before. */
  laterMails: boolean;
}

/** A code or a token that was right. */
export interface Verified {
  attendeeId: string;
  challengeId: string;
  /** The guest registrations that it confirms: that of the challenge, and those of the claim tokens that came along. */
  registrationIds: string[];
  /** It came with the claim token of its registration. */
  byClaim: boolean;
}

/** A link was opened in a browser that did not ask for it: it signs in together with the code of its mail. */
export class CodeRequired extends Error {
  readonly email: string;
  /** The guest registration that its mail is about. */
  readonly registrationId: string | undefined;

  constructor({ email, registrationId }: Challenge) {
    super('the code of the mail is required');
    this.name = 'CodeRequired';
    this.email = email;
    this.registrationId = registrationId;
  }
}

/** Who people are, what they may do, and how they sign in. */
export abstract class Identity {
  /** The person as they see themselves. */
  abstract me(attendeeId: string): Promise<Me | undefined>;
  /** Change one's own name, organisation, language or whether to be reminded. @throws ProblemError `not-signed-in` when there is no such person. */
  abstract changeMe(attendeeId: string, change: MeChange): Promise<Me>;

  /** When a person came to be known here, and when they proved their address; ISO 8601. */
  abstract datesOf(attendeeId: string): Promise<{ createdAt: string; emailProvedAt?: string } | undefined>;
  /**
   * Erase a person and all that is kept of them here: every session ends, roles go, codes and links stop working. What others
   * keep goes by itself. Nobody by that id: no more than sessions end.
   * @returns false while they still have a seat or wait for one (end those first), or something else was in the way: try again
   */
  abstract erase(attendeeId: string): Promise<boolean>;

  /**
   * Enqueue the mail with a code and a link to an address, known or not. A mailbox, however it is spelled, gets so many mails in an hour, with
   * pauses between them, and those to unproved addresses have a budget.
   * @param ask `asked` is the value of the cookie `comptoir_asked`; `token` that of a link which the browser has open, and whose code it asks
   *   for again: that never makes it a browser which asked, since a mail filter presses this button too; `later`: its client caused many
   *   mails, and may use a part of the budget alone
   * @returns the new value of that cookie, where the browser is one that asked: this call made the challenge, or the cookie named it before;
   *   `again` where the answer is that no mail goes now
   */
  abstract askSignIn(ask: {
    email: string;
    locale?: Locale;
    asked?: string;
    token?: string;
    later?: boolean;
  }): Promise<{ asked?: string; again?: MailAgain }>;
  /**
   * Check a code or a link's token. When right, the person exists and their address is proved; the challenge stays
   * open until `consume`, so that a fault in between leaves the code and the link good. A code counts as a try of its address; with the token
   * of its link, or the claim token of its registration, as a try of its challenge.
   * @param brought what the browser brings: the cookie `comptoir_asked`, and the claim tokens of its guest registrations
   * @returns undefined where the code or the token opens nothing
   * @throws ProblemError `code-locked` when the address, known or not, or the challenge had too many tries
   * @throws CodeRequired for a token without its code in a browser that did not ask for it; nothing is used up
   */
  abstract verify(
    answer: { email: string; code: string } | { token: string; code?: string },
    brought?: { asked?: string; claimTokens?: readonly string[] },
  ): Promise<Verified | undefined>;
  /**
   * Whether a link would sign in this browser by its token alone. Nothing is used up.
   * @throws CodeRequired as `verify`
   */
  abstract look(token: string, brought?: { asked?: string; claimTokens?: readonly string[] }): Promise<boolean>;
  /**
   * End the challenge and all others of its address. Call it when all that a sign-in does is done.
   * @returns false where another request was first: then this one lets nobody in
   */
  abstract consume(verified: Verified): Promise<boolean>;
  abstract challenge(challengeId: string): Promise<Challenge | undefined>;
  /**
   * The challenge for a mail to a person that is being written now: the open one of this registration, else a new one.
   * @param mail `until`: its code and link are good until then at least (ISO 8601)
   */
  abstract challengeFor(mail: { attendeeId: string; registrationId?: string; until?: string }): Promise<string>;
  /** Six digits, eight for people with a role. */
  abstract signInCode(challengeId: string): Promise<string>;
  /** The page that asks for one click and then signs in; `next` is a path on our pages to go on to. */
  abstract signInLink(challengeId: string, next?: string): string;
  /** A link for the operator of an installation, good until it expires; the person is made, and their address trusted. */
  abstract createSignInLink(
    email: string,
    options: { ttlHours: number; next?: string; name?: string },
  ): Promise<string>;

  /** The cookie `comptoir_asked`: the challenges and registrations that a browser asked for. */
  abstract asked: AskedCookie;
  /** Tokens that a page gets for each registration which it claimed without a session. */
  abstract claimTokens: SealedIds;
  /** What the mails about one registration carry, to see and change it without a session. */
  abstract registrationLinks: RegistrationLinks;
  /** A short keyed hash of an address, for logs. */
  abstract hashOf(email: string): string;

  /**
   * The person behind an anonymous claim, made if there is none. What is typed is taken as long as they are not proved and neither
   * have a seat nor wait for one: from then on their name is theirs to change. @param by `laterMails`: its client caused many mails
   */
  abstract guest(guest: GuestClaim, by?: { laterMails: boolean }): Promise<{ attendeeId: string }>;
  /** The same for somebody whom another person names: a delegate, a host at the door. Returns the attendee's id. */
  abstract named(guest: GuestClaim): Promise<string>;
  abstract attendeeOf(email: string): Promise<Person | undefined>;
  abstract personOf(attendeeId: string): Promise<Person | undefined>;
  abstract namesOf(attendeeIds: string[]): Promise<Map<string, Person>>;

  /** Safe to repeat. A change is recorded in the same commit. @param changedBy an attendee; without one, the operator of the installation. */
  abstract grantRole(attendeeId: string, role: Role, changedBy?: string): Promise<void>;
  /** As `grantRole`, unless the role was granted or revoked before: no revocation is undone. */
  abstract grantRoleOnce(attendeeId: string, role: Role): Promise<void>;
  /** Recorded as `grantRole` is. @returns whether the person had the role. */
  abstract revokeRole(attendeeId: string, role: Role, changedBy?: string): Promise<boolean>;
  abstract rolesOf(attendeeId: string): Promise<Role[]>;
  /** Everyone who has a role in an event: organisers first, then by address. */
  abstract rolesIn(eventId: string): Promise<RoleHolder[]>;
  /** The attendee of an address for whom an operator acts, created without a proof of the address when there is none. */
  abstract attendeeFor(email: string): Promise<string>;

  /** The value of the cookie of a new session. */
  abstract openSession(attendeeId: string): { cookie: string; expiresAt: Date };
  /** Asks nobody and never throws. */
  abstract readSession(cookie: string | undefined): Session | undefined;
  abstract endSession(sessionId: string): Promise<void>;
  /** End every session of a person that was opened until now, in every process within seconds. */
  abstract endSessions(attendeeId: string): Promise<void>;

  /** The private addresses that people's calendars follow. */
  abstract calendarFeeds: CalendarFeeds;

  /** Answer a repeated `Idempotency-Key` as the first time. @throws ProblemError `idempotency-mismatch`. */
  abstract once(request: RepeatableRequest, run: () => Promise<Answer>): Promise<Answer>;

  /** Forget what is over, and those who only left an address a day ago or more. */
  abstract tidy(): Promise<void>;
  /** Follow the sessions that are ended elsewhere, and tidy every hour. Never fails: a database may be away. */
  abstract start(): Promise<void>;
  abstract close(): void;
}

interface PersonRow {
  id: string;
  email: string;
  name: string;
  organisation: string | null;
  locale: Locale;
  proved: boolean;
  reminders: boolean;
  later_mails: boolean;
}

const selectPerson =
  'select id, email, name, organisation, locale, email_proved_at is not null as proved, reminders, later_mails from attendee';
/** PostgreSQL's code for it: the person still has a seat (see the trigger registration_ends_first). */
const FOREIGN_KEY_VIOLATION = '23503';
/** And this: something else held what it needed, and needed what it held. Nothing of it remained. */
const DEADLOCK = '40P01';
/** The part of the budget of mails to unproved addresses for clients that caused many: the rest is kept for those who caused few. */
const LATER_SHARE = 0.5;
const TIDY_EVERY_MS = 3_600_000;
/** How many of those who only left an address are forgotten at once: claims wait meanwhile, for some milliseconds. */
const FORGOTTEN_MAX = 100;
/**
 * Whether the attendee `a` only left an address, a day ago or more, and nothing refers to them. Registrations are asked for twice, as
 * the indexes that find them by person have them.
 */
const LEFT_AN_ADDRESS = `a.email_proved_at is null and a.created_at < now() - interval '1 day'
  and not exists (
    select from registration r where r.attendee_id = a.id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
  )
  and not exists (select from registration r where r.attendee_id = a.id and r.status in ('held', 'waitlisted') and r.guest)
  and not exists (select from registration r where r.attendee_id = a.id and r.status in ('cancelled', 'expired'))
  and not exists (select from role_grant g where g.attendee_id = a.id)
  and not exists (select from sign_in_challenge c where c.email = a.email)
  and not exists (select from email_delivery d where d.attendee_id = a.id)`;

export function openIdentity({ database, secret, publicUrl }: IdentityOptions): Identity {
  const { pool } = database;
  const challenges = new Challenges(pool, secret);
  const tries = new CodeTries(pool, secret);
  const asked = new AskedCookie(secret);
  const claimTokens = new SealedIds(secret, 'claim');
  const logKey = derivedKey(secret, 'log');
  const sessions = new Sessions(pool, secret);
  const idempotency = new Idempotency(pool);
  const roles = new Roles(pool);
  let tidying: NodeJS.Timeout | undefined;

  async function personOf(attendeeId: string): Promise<Person | undefined> {
    const found = await pool.query<PersonRow>(prepared(`${selectPerson} where id = $1`, [attendeeId]));
    return found.rows[0] && person(found.rows[0]);
  }

  async function attendeeOf(email: string): Promise<Person | undefined> {
    const found = await pool.query<PersonRow>(`${selectPerson} where email = $1`, [email]);
    return found.rows[0] && person(found.rows[0]);
  }

  /**
   * The attendee of an address, made where there is none. Whoever types an address may be anybody: once a registration was made with
   * what was typed first, nobody changes it but the person who proves the address. Until then they are as new, and not forgotten today.
   */
  async function named({ name, email, locale, organisation }: GuestClaim, laterMails = false): Promise<string> {
    const kept = await pool.query<{ id: string }>(
      prepared(
        `insert into attendee as a (email, name, organisation, locale, later_mails) values ($1, $2, $3, $4, $5)
             on conflict (email) do update set later_mails = excluded.later_mails, (name, organisation, locale, created_at) = (
               select
                 case when kept.stands then a.name else excluded.name end,
                 case when kept.stands then a.organisation else excluded.organisation end,
                 case when kept.stands then a.locale else excluded.locale end,
                 case when kept.stands then a.created_at else now() end
               from (
                 select a.email_proved_at is not null or exists (
                   select from registration r
                   where r.attendee_id = a.id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
                 ) or exists (
                   select from registration r where r.attendee_id = a.id and r.status in ('held', 'waitlisted') and r.guest
                 ) as stands
               ) kept
             )
             returning id`,
        [email, name, organisation ?? null, locale ?? defaultLocale, laterMails],
      ),
    );
    return (kept.rows[0] as { id: string }).id;
  }

  /** Forget those who only left an address: a claim that came to nothing leaves one, and so does whoever types for fun. */
  async function forgetAddresses(): Promise<void> {
    let forgotten: number | null;
    do {
      const found = await pool.query<{ id: string }>(
        `select a.id from attendee a where ${LEFT_AN_ADDRESS} limit ${FORGOTTEN_MAX}`,
      );
      if (found.rows.length === 0) return;
      forgotten = await inTransaction(pool, async (client) => {
        // What each deletion locks (trigger registration_ends_first), before any row: whoever claims meanwhile is seen, or waits.
        await client.query('lock table registration in share row exclusive mode');
        const ids = found.rows.map(({ id }) => id);
        const { rowCount } = await client.query(`delete from attendee a where a.id = any ($1) and ${LEFT_AN_ADDRESS}`, [
          ids,
        ]);
        return rowCount;
      });
    } while (forgotten === FORGOTTEN_MAX);
  }

  async function tidy(): Promise<void> {
    await Promise.all([challenges.tidy().then(forgetAddresses), tries.tidy(), idempotency.tidy(), sessions.tidy()]);
  }

  async function me(attendeeId: string): Promise<Me | undefined> {
    const [found, theirRoles] = await Promise.all([personOf(attendeeId), roles.of(attendeeId)]);
    if (!found) return undefined;
    const { email, name, organisation, locale, reminders } = found;
    return { id: attendeeId, email, name, ...(organisation && { organisation }), locale, reminders, roles: theirRoles };
  }

  /**
   * The person who proved that this mailbox is theirs, made if they are new: named after it until they say more. Whom somebody else
   * named speaks the language in which they come the first time.
   */
  async function proved(email: string, locale: Locale, { name = nameFrom(email), came = true } = {}): Promise<string> {
    const kept = await pool.query<{ id: string }>(
      `insert into attendee (email, name, locale, email_proved_at) values ($1, $2, $3, now())
       on conflict (email) do update set
         email_proved_at = coalesce(attendee.email_proved_at, now()),
         locale = case when $4 and attendee.email_proved_at is null then excluded.locale else attendee.locale end
       returning id`,
      [email, name, locale, came],
    );
    return (kept.rows[0] as { id: string }).id;
  }

  /**
   * The challenge of an address that a code answers. The try is counted before anything is compared: by the challenge where the claim token
   * of its registration comes along, so that those who have none cannot use up the tries of the page that claimed. Anybody may claim with
   * any address, in many Cafés: so these tries have a limit by address as well, apart from that of the others.
   */
  async function answeredByCode(email: string, { code }: { code: string }, brought: Brought) {
    const open = await challenges.ofAddress(email, brought);
    const byClaim = open?.registrationId !== undefined && brought.claimedIds.includes(open.registrationId);
    if (byClaim) await challenges.countTry(open);
    await tries.count(byClaim ? `claims with ${email}` : email);
    return challenges.isCode(open, code) ? open : undefined;
  }

  /** The challenge of a link. Where the browser is not known to have asked for it, the code of the mail must come along. */
  async function answeredByLink({ token, code }: { token: string; code?: string }, brought: Brought) {
    const open = await challenges.ofToken(token, code !== undefined);
    if (!open) return undefined;
    if (code !== undefined && !open.reusable) {
      await challenges.countTry(open);
      return challenges.isCode(open, code) ? open : undefined;
    }
    if (!open.reusable && !isFrom(brought, open)) throw new CodeRequired(open);
    return open;
  }

  function broughtBy(brings: { asked?: string; claimTokens?: readonly string[] }): Brought {
    const claimedIds = (brings.claimTokens ?? []).flatMap((token) => claimTokens.open(token) ?? []);
    return { askedIds: asked.ids(brings.asked), claimedIds };
  }

  function signInLink(challengeId: string, next?: string): string {
    const link = new URL(`${publicUrl}/sign-in`);
    link.searchParams.set('token', challenges.secrets.token(challengeId));
    if (next) link.searchParams.set('next', next);
    return link.href;
  }

  return {
    me,

    async changeMe(attendeeId, change) {
      await pool.query(
        `update attendee set
           name = coalesce($2, name), locale = coalesce($3, locale), organisation = case when $4 then $5 else organisation end,
           reminders = coalesce($6, reminders)
         where id = $1`,
        [
          attendeeId,
          change.name ?? null,
          change.locale ?? null,
          change.organisation !== undefined,
          change.organisation ?? null,
          change.reminders ?? null,
        ],
      );
      const changed = await me(attendeeId);
      if (!changed) throw new ProblemError('not-signed-in');
      return changed;
    },

    async datesOf(attendeeId) {
      const found = await pool.query<{ created_at: Date; email_proved_at: Date | null }>(
        'select created_at, email_proved_at from attendee where id = $1',
        [attendeeId],
      );
      const row = found.rows[0];
      return (
        row && {
          createdAt: row.created_at.toISOString(),
          ...(row.email_proved_at && { emailProvedAt: row.email_proved_at.toISOString() }),
        }
      );
    },

    async erase(attendeeId) {
      try {
        // One statement, one commit: a code that outlived its person would make them anew.
        await pool.query(
          `with erased as (delete from attendee where id = $1 returning email),
           codes as (delete from sign_in_challenge c using erased e where c.email = e.email),
           mails as (delete from sign_in_mails m using erased e where m.mailbox = mailbox_of(e.email)),
           sessions as (
             insert into session_revocation (session_id, expires_at) values ($1, now() + make_interval(days => $2))
             on conflict do nothing
           )
           delete from idempotency_key k using erased e where split_part(k.scope, ' ', 2) in ($1::text, e.email)`,
          [attendeeId, SESSION_TTL_DAYS],
        );
        sessions.ended(attendeeId);
      } catch (error) {
        if ([FOREIGN_KEY_VIOLATION, DEADLOCK].includes((error as { code?: string }).code ?? '')) return false;
        throw error;
      }
      return true;
    },

    async askSignIn({ email, locale, asked: cookie, token, later = false }) {
      const askedIds = asked.ids(cookie);
      const share = later ? LATER_SHARE : 1;
      const { challengeId, isNew, again } = await challenges.ask(email, locale, { askedIds, token, share });
      const hasAsked = askedIds.includes(challengeId) || (isNew && token === undefined);
      return { ...(hasAsked && { asked: asked.add(cookie, challengeId) }), ...(again && { again }) };
    },

    look: async (token, brings = {}) => (await answeredByLink({ token }, broughtBy(brings))) !== undefined,

    async verify(answer, brings = {}) {
      const brought = broughtBy(brings);
      const { claimedIds } = brought;
      const open =
        'token' in answer ? await answeredByLink(answer, brought) : await answeredByCode(answer.email, answer, brought);
      if (!open) return undefined;
      const { id: challengeId, email, locale, registrationId } = open;
      return {
        attendeeId: await proved(email, locale),
        challengeId,
        registrationIds: [...new Set([...(registrationId ? [registrationId] : []), ...claimedIds])],
        byClaim: registrationId !== undefined && claimedIds.includes(registrationId),
      };
    },

    consume: ({ challengeId, byClaim }) => challenges.consume(challengeId, byClaim),
    challenge: (challengeId) => challenges.find(challengeId),

    async challengeFor({ attendeeId, registrationId, until }) {
      const found = await personOf(attendeeId);
      if (!found) throw new Error('there is no such attendee');
      return challenges.forMail(found, registrationId, until);
    },

    async signInCode(challengeId) {
      const found = await challenges.find(challengeId);
      if (!found) throw new Error('there is no such challenge');
      return challenges.secrets.code(challengeId, found.digits);
    },
    signInLink,

    async createSignInLink(email, { ttlHours, next, name }) {
      await proved(email, defaultLocale, { name, came: false });
      return signInLink(await challenges.addReusable(email, defaultLocale, ttlHours * 60), next);
    },

    asked,
    claimTokens,
    registrationLinks: new RegistrationLinks(secret, tries),
    hashOf: (email) => createHmac('sha256', logKey).update(email).digest('base64url').slice(0, 12),

    guest: async (guest, by) => ({ attendeeId: await named(guest, by?.laterMails) }),
    named: (guest) => named(guest),

    attendeeOf,
    personOf,

    async namesOf(attendeeIds) {
      const found = await pool.query<PersonRow>(prepared(`${selectPerson} where id = any ($1)`, [attendeeIds]));
      return new Map(found.rows.map((row) => [row.id, person(row)]));
    },

    grantRole: (attendeeId, role, changedBy) => roles.grant(attendeeId, role, changedBy),
    grantRoleOnce: (attendeeId, role) => roles.grantOnce(attendeeId, role),
    revokeRole: (attendeeId, role, changedBy) => roles.revoke(attendeeId, role, changedBy),
    rolesOf: (attendeeId) => roles.of(attendeeId),
    rolesIn: (eventId) => roles.in(eventId),

    async attendeeFor(email) {
      await pool.query('insert into attendee (email, name, locale) values ($1, $2, $3) on conflict do nothing', [
        email,
        nameFrom(email),
        defaultLocale,
      ]);
      return ((await attendeeOf(email)) as Person).attendeeId;
    },

    openSession: (attendeeId) => sessions.open(attendeeId),
    readSession: (cookie) => sessions.read(cookie),
    endSession: (sessionId) => sessions.end(sessionId),
    endSessions: (attendeeId) => sessions.endAll(attendeeId),

    calendarFeeds: new CalendarFeeds(pool, secret),

    once: (request, run) => idempotency.once(request, run),

    tidy,

    async start() {
      tidying = setInterval(() => tidy().catch(() => {}), TIDY_EVERY_MS).unref();
      await sessions.follow();
    },

    close() {
      clearInterval(tidying);
      sessions.close();
    },
  };
}

/** Whether a browser asked for a challenge: itself, or by claiming the registration that it is for. */
function isFrom({ askedIds, claimedIds }: Brought, { id, registrationId }: Challenge): boolean {
  return [id, registrationId].some((each) => each && [...askedIds, ...claimedIds].includes(each));
}

function person(row: PersonRow): Person {
  const { id: attendeeId, email, name, organisation, locale, proved, reminders, later_mails: laterMails } = row;
  return { attendeeId, name, ...(organisation && { organisation }), email, locale, proved, reminders, laterMails };
}

/** `lea.martin@example.org` is called “lea martin” until she says how she wants to be called. */
function nameFrom(email: string): string {
  const local = email.slice(0, email.indexOf('@')).replace(/\+.*$/, '');
  return (
    local
      .split(/[._-]+/)
      .filter(Boolean)
      .join(' ') || local
  );
}
