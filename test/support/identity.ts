import { randomUUID } from 'node:crypto';
import { AuditLog } from '../../libs/audit-log/src/index.ts';
import type { ProblemError } from '../../libs/contract/src/index.ts';
import {
  AskedCookie,
  Attendees,
  CalendarFeeds,
  Challenges,
  ClaimTokens,
  CodeTries,
  Erasure,
  IdempotencyKeys,
  RegistrationLinks,
  ReminderLinks,
  Retention,
  Roles,
  Sessions,
  SignIn,
  SignInMails,
} from '../../libs/identity/src/index.ts';
import { type Database, openDatabase } from '../../libs/platform/src/index.ts';
import { createTestDatabase } from './database.ts';

const SECRET = 'a secret of thirty-two characters';

export interface IdentityOptions {
  database: Database;
  /** The `APP_SECRET` of the installation. */
  secret: string;
  /** The address of the pages, without a slash at the end. */
  publicUrl: string;
}

/** The classes of libs/identity, as `IdentityModule` provides them in an app. */
export type Identity = ReturnType<typeof openIdentity>;

/** Opens libs/identity without Nest. It runs no timer and reads nothing until `sessions.follow()` and `retention.start()`. */
export function openIdentity({ database, secret, publicUrl }: IdentityOptions) {
  const configuration = { APP_SECRET: secret, PUBLIC_URL: publicUrl };
  const roles = new Roles(database, new AuditLog(database));
  const attendees = new Attendees(database, roles);
  const sessions = new Sessions(database, configuration);
  const tries = new CodeTries(database, configuration);
  const askedCookie = new AskedCookie(configuration);
  const claimTokens = new ClaimTokens(configuration);
  const challenges = new Challenges(database, configuration);
  return {
    attendees,
    roles,
    signIn: new SignIn(attendees, challenges, tries, askedCookie, claimTokens, configuration),
    signInMails: new SignInMails(attendees, challenges, configuration),
    sessions,
    calendarFeeds: new CalendarFeeds(database, configuration),
    idempotencyKeys: new IdempotencyKeys(database),
    erasure: new Erasure(database, attendees, sessions),
    retention: new Retention(database),
    askedCookie,
    claimTokens,
    registrationLinks: new RegistrationLinks(configuration, tries),
    reminderLinks: new ReminderLinks(database, configuration),
  };
}

/** libs/identity on a separate database, with helpers for several specs. */
export interface IdentityStand extends Identity {
  database: Database;
  /** The same classes in another process; with another secret, in another installation. */
  twin(secret?: string): Identity;
  /** Asks for a mail to an address. Returns its challenge, its code, the token of its link, and the cookie of the browser. */
  ask(email: string, asked?: string): Promise<Asked>;
  /** Makes a guest registration and the challenge of its mail, as the worker does. */
  claim(email: string, until?: string): Promise<Claimed>;
  /** Tries a code for an address. Returns `in`, `wrong` or the problem code. */
  tryCode(email: string, code: string): Promise<string>;
  /** The ids of the challenges of an address, oldest first. */
  challengesOf(email: string): Promise<string[]>;
  /** The challenge of each mail with a code that was enqueued for an address, oldest first. */
  mailsTo(email: string): Promise<string[]>;
  /** Makes the mails to a mailbox older. */
  ageMails(email: string, interval: string): Promise<unknown>;
  /** Makes all tries of codes older. */
  ageTries(interval: string): Promise<unknown>;
  stop(): Promise<void>;
}

interface Asked {
  id: string;
  code: string;
  token: string;
  asked?: string;
  again?: { inSeconds: number; codeIsGood: boolean };
  againInSeconds?: number;
}

interface Claimed {
  id: string;
  code: string;
  token: string;
  attendeeId: string;
  registrationId: string;
  claimTokens: string[];
}

export async function openIdentityStand(): Promise<IdentityStand> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'identity-spec' });
  const twin = (secret = SECRET) => openIdentity({ database, secret, publicUrl: 'http://pages.test' });
  const parts = twin();
  const { signIn, signInMails, attendees, claimTokens } = parts;
  const { pool } = database;
  const idsOf = async (text: string, email: string): Promise<string[]> =>
    (await pool.query(text, [email])).rows.map((row) => row.id);
  const challengesOf = (email: string) => idsOf('select id from sign_in_challenge where email = $1 order by id', email);
  return {
    ...parts,
    database,
    twin,
    challengesOf,
    async ask(email, asked) {
      const { again, ...answer } = await signIn.ask({ email, asked });
      const id = (await challengesOf(email)).at(-1) as string;
      const code = await signInMails.codeOf(id);
      return { ...answer, again, againInSeconds: again?.inSeconds, id, code, token: tokenOf(signInMails.linkOf(id)) };
    },
    async claim(email, until) {
      const attendeeId = await attendees.upsertByEmail({ name: 'Claimant', email });
      const registrationId = randomUUID();
      const id = await signInMails.challengeForMail({ attendeeId, registrationId, until });
      const code = await signInMails.codeOf(id);
      const token = tokenOf(signInMails.linkOf(id));
      return { attendeeId, registrationId, id, code, token, claimTokens: [claimTokens.seal(registrationId)] };
    },
    async tryCode(email, code) {
      try {
        return (await signIn.verify({ email, code })) ? 'in' : 'wrong';
      } catch (error) {
        return (error as ProblemError).code;
      }
    },
    mailsTo: (email) =>
      idsOf(
        `select o.challenge_id as id from outbox o join sign_in_challenge c on c.id = o.challenge_id
         where c.email = $1 and o.kind = 'sign-in-code' order by o.id`,
        email,
      ),
    ageMails: (email, interval) =>
      pool.query(
        `update sign_in_mails set mailed_at = array(select t - $2::interval from unnest(mailed_at) t) where mailbox = mailbox_of($1)`,
        [email, interval],
      ),
    ageTries: (interval) =>
      pool.query(
        `update code_tries
         set tried_at = array(select t - $1::interval from unnest(tried_at) t), last_at = last_at - $1::interval`,
        [interval],
      ),
    async stop() {
      await database.close();
      await testDatabase.drop();
    },
  };
}

/** The token of a sign-in link. */
export function tokenOf(link: string): string {
  return new URL(link).searchParams.get('token') as string;
}

/** A wrong code with the same number of digits. */
export function otherCode(code: string): string {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}
