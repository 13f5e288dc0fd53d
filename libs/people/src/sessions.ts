import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { derivedKey, SealedBodies } from './secrets.ts';

/** The cookie that carries a session. httpOnly, SameSite=Lax; Secure where the pages are served over https. */
export const SESSION_COOKIE = 'comptoir_session';
/** How long a session lasts, in days. A conference and what follows it. */
export const SESSION_TTL_DAYS = 30;

/** How often a process reads which sessions were ended elsewhere, in milliseconds. */
const REVOCATIONS_EVERY_MS = 2_000;
/** Rows that were written so long before the last reading are read again, in case a slow transaction committed late. */
const REVOCATIONS_OVERLAP = '1 minute';

/** What is sealed: the ids of the session and the attendee (16 bytes each), and when it ends (milliseconds, 8 bytes). */
const BODY_BYTES = 40;
/** Where the six lower bytes of the end stand; it is below 2^48 for a long time. */
const ENDS_AT_BYTE = 34;

/** Who a request comes from. */
export interface Session {
  sessionId: string;
  attendeeId: string;
}

/**
 * Sessions live in sealed cookies: reading one asks nobody. The few that were ended before their time stand in
 * `session_revocation`, by their own id or, all of them, by that of a person who was erased; every process keeps that short list in
 * memory.
 */
export class Sessions {
  readonly #pool: Pool;
  readonly #sealed: SealedBodies;
  readonly #revoked = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** When the list was last read, by the database's clock. */
  #readAt: string | null = null;

  constructor(pool: Pool, secret: string) {
    this.#pool = pool;
    this.#sealed = new SealedBodies(derivedKey(secret, 'session'), BODY_BYTES);
  }

  /** A new session: the sealed value of its cookie, and when it ends. */
  open(attendeeId: string): { cookie: string; expiresAt: Date } {
    const expiresAt = new Date(Date.now() + SESSION_TTL_DAYS * 24 * 3_600_000);
    const body = Buffer.from((randomUUID() + attendeeId).replaceAll('-', '').padEnd(BODY_BYTES * 2, '0'), 'hex');
    body.writeUIntBE(expiresAt.getTime(), ENDS_AT_BYTE, 6);
    return { cookie: this.#sealed.seal(body), expiresAt };
  }

  /** The session of a cookie's value; undefined when it is missing, forged, over or ended. Never throws. */
  read(cookie: string | undefined): Session | undefined {
    const body = cookie === undefined ? undefined : this.#sealed.open(cookie);
    if (!body || body.readUIntBE(ENDS_AT_BYTE, 6) <= Date.now()) return undefined;
    const sessionId = uuidOf(body.toString('hex', 0, 16));
    const attendeeId = uuidOf(body.toString('hex', 16, 32));
    return this.#revoked.has(sessionId) || this.#revoked.has(attendeeId) ? undefined : { sessionId, attendeeId };
  }

  /** End a session now here, and within seconds in every other process. */
  async end(sessionId: string): Promise<void> {
    await this.#pool.query(
      `insert into session_revocation (session_id, expires_at) values ($1, now() + make_interval(days => $2))
       on conflict do nothing`,
      [sessionId, SESSION_TTL_DAYS],
    );
    this.ended(sessionId);
  }

  /** The session, or all sessions of the person, of this id were ended in the database: refuse them here at once. */
  ended(id: string): void {
    this.#revoked.set(id, Date.now() + SESSION_TTL_DAYS * 24 * 3_600_000);
  }

  /** Read what was ended elsewhere, now and from now on. A database that is away is asked again later. */
  async follow(): Promise<void> {
    const again = async () => {
      await this.#refresh().catch(() => {});
      this.#timer = setTimeout(again, REVOCATIONS_EVERY_MS).unref();
    };
    await again();
  }

  /** Forget the sessions that would be over by now anyway. */
  async tidy(): Promise<void> {
    await this.#pool.query('delete from session_revocation where expires_at < now()');
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #refresh(): Promise<void> {
    const { rows } = await this.#pool.query<{ at: string; session_id: string | null; expires_at: Date }>(
      `select clock.at::text, r.session_id, r.expires_at
       from (select now() as at) clock left join session_revocation r
         on r.expires_at > clock.at and r.revoked_at > coalesce($1::timestamptz - $2::interval, '-infinity')`,
      [this.#readAt, REVOCATIONS_OVERLAP],
    );
    this.#readAt = rows[0]?.at ?? null;
    for (const row of rows) if (row.session_id) this.#revoked.set(row.session_id, row.expires_at.getTime());
    for (const [sessionId, expiresAt] of this.#revoked) if (expiresAt <= Date.now()) this.#revoked.delete(sessionId);
  }
}

/** From 32 hexadecimal digits to the text of an id. */
function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
