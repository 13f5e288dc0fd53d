import { randomUUID } from 'node:crypto';
import type { ProblemError } from '../../libs/contract/src/index.ts';
import { type IdentityParts, openIdentityParts } from '../../libs/identity/src/index.ts';
import { type Database, openDatabase } from '../../libs/platform/src/index.ts';
import { createTestDatabase } from './database.ts';

const SECRET = 'a secret of thirty-two characters';

/** The parts of libs/identity on a database of their own, with helpers for the specs of sign-in. */
export interface IdentityStand extends IdentityParts {
  database: Database;
  /** The same parts again, as in another process; with another secret, as in another installation. */
  twin(secret?: string): IdentityParts;
  /** Asks for a mail to an address. Returns its challenge, its code, the token of its link, and the cookie of the browser. */
  ask(email: string, asked?: string): Promise<Asked>;
  /** Makes a guest registration and the challenge of its mail, as the worker does. */
  claim(email: string, until?: string): Promise<Claimed>;
  /** Tries a code of an address. Returns `in`, `wrong` or the code of the problem. */
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
  const twin = (secret = SECRET) => openIdentityParts({ database, secret, publicUrl: 'http://pages.test' });
  const parts = twin();
  const { signIn, attendees, claimTokens } = parts;
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
      const code = await signIn.codeOf(id);
      return { ...answer, again, againInSeconds: again?.inSeconds, id, code, token: tokenOf(signIn.linkOf(id)) };
    },
    async claim(email, until) {
      const attendeeId = await attendees.upsertByEmail({ name: 'Claimant', email });
      const registrationId = randomUUID();
      const id = await signIn.challengeForMail({ attendeeId, registrationId, until });
      const code = await signIn.codeOf(id);
      const token = tokenOf(signIn.linkOf(id));
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

/** Another code of as many digits. */
export function otherCode(code: string): string {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}
