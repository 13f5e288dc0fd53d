import { randomUUID } from 'node:crypto';
import type { Database } from '#platform';
import { derivedKey, type InstallationSecret, SealedBodies } from './secrets.ts';

/** The cookie that carries a session. httpOnly, SameSite=Lax; Secure if the pages are served over https. */
export const SESSION_COOKIE = 'comptoir_session';
/** How long a session lasts, in days: longer than a conference. */
export const SESSION_TTL_DAYS = 30;
const SESSION_TTL_MS = SESSION_TTL_DAYS * 24 * 3_600_000;

/** How long a revocation is kept: a day longer than any session that it can end, because the clocks of processes differ. */
const REVOCATION_TTL_DAYS = SESSION_TTL_DAYS + 1;
const REVOCATION_TTL_MS = REVOCATION_TTL_DAYS * 24 * 3_600_000;

/** How often a process reads the sessions that others ended, in milliseconds. */
const REVOCATIONS_EVERY_MS = 2_000;
/** Rows that were written up to this long before the last read are read again, because a slow transaction may have committed late. */
const REVOCATIONS_OVERLAP = '1 minute';

/** The sealed bytes: the ids of the session and the attendee (16 bytes each), and the end of the session (milliseconds, 8 bytes). */
const BODY_BYTES = 40;
/** The offset of the six lower bytes of the end. The two higher bytes stay zero for thousands of years. */
const ENDS_AT_BYTE = 34;

/** The session that a request comes with. */
export interface Session {
  sessionId: string;
  attendeeId: string;
}

/** Ends the sessions of one id that were opened until an instant. Milliseconds since 1970. */
interface Revocation {
  expiresAt: number;
  issuedUntil: number;
}

/**
 * Sessions are sealed cookies, so that reading one needs no query. A session that ends early is a row of `session_revocation`: one session
 * has its own id; all sessions of an attendee have the id of the attendee, with an instant until which they were opened, or without one
 * after the attendee was erased. Each process keeps this short list in memory.
 */
export class Sessions {
  readonly #database: Database;
  readonly #sealed: SealedBodies;
  /** The key is the id of a session or of an attendee. */
  readonly #revoked = new Map<string, Revocation>();
  #timer: NodeJS.Timeout | undefined;
  /** When the list was last read, by the clock of the database. */
  #readAt: string | null = null;

  constructor(database: Database, { APP_SECRET: secret }: InstallationSecret) {
    this.#database = database;
    this.#sealed = new SealedBodies(derivedKey(secret, 'session'), BODY_BYTES);
  }

  /** Opens a session. Returns the sealed value of its cookie, and when it ends. */
  open(attendeeId: string): { cookie: string; expiresAt: Date } {
    const expiresAt = new Date(Date.now() + SESSION_TTL_MS);
    const body = Buffer.from((randomUUID() + attendeeId).replaceAll('-', '').padEnd(BODY_BYTES * 2, '0'), 'hex');
    body.writeUIntBE(expiresAt.getTime(), ENDS_AT_BYTE, 6);
    return { cookie: this.#sealed.seal(body), expiresAt };
  }

  /** Returns the session of a cookie's value; undefined if it is missing, forged, expired or revoked. Makes no query and never throws. */
  read(cookie: string | undefined): Session | undefined {
    const body = cookie === undefined ? undefined : this.#sealed.open(cookie);
    const endsAt = body?.readUIntBE(ENDS_AT_BYTE, 6) ?? 0;
    if (!body || endsAt <= Date.now()) return undefined;
    const sessionId = uuidOf(body.toString('hex', 0, 16));
    const attendeeId = uuidOf(body.toString('hex', 16, 32));
    const issuedAt = endsAt - SESSION_TTL_MS;
    return this.#isRevoked(sessionId, issuedAt) || this.#isRevoked(attendeeId, issuedAt)
      ? undefined
      : { sessionId, attendeeId };
  }

  /** Ends a session, immediately in this process and within seconds in the others. */
  async end(sessionId: string): Promise<void> {
    // The clock of the database is used, because its cleanup deletes the row: a process with a wrong clock must not make a session valid
    // again.
    await this.#database.pool.query(
      `insert into session_revocation (session_id, expires_at) values ($1, now() + make_interval(days => $2)) on conflict do nothing`,
      [sessionId, REVOCATION_TTL_DAYS],
    );
    this.refuse(sessionId);
  }

  /**
   * Ends all sessions of an attendee that were opened until now, by the clock of this process, which is close to the clock of the process
   * that opened them. The row of an erased attendee has no instant and stays unchanged: all their sessions are refused permanently.
   */
  async endAll(attendeeId: string): Promise<void> {
    const until = new Date();
    await this.#database.pool.query(
      `insert into session_revocation as r (session_id, expires_at, issued_until) values ($1, now() + make_interval(days => $2), $3)
       on conflict (session_id) do update set
         revoked_at = now(), expires_at = excluded.expires_at, issued_until = greatest(r.issued_until, excluded.issued_until)
       where r.issued_until is not null`,
      [attendeeId, REVOCATION_TTL_DAYS, until],
    );
    this.#add(attendeeId, { expiresAt: Date.now() + REVOCATION_TTL_MS, issuedUntil: until.getTime() });
  }

  /** Refuses a session, or all sessions of an attendee, in this process. The row is already in the database. */
  refuse(id: string): void {
    this.#add(id, { expiresAt: Date.now() + REVOCATION_TTL_MS, issuedUntil: Number.POSITIVE_INFINITY });
  }

  /** Reads the sessions that other processes ended, now and every two seconds. Never rejects, because the database may be unavailable. */
  async follow(): Promise<void> {
    const readAndWait = async () => {
      await this.#readRevocations().catch(() => {});
      this.#timer = setTimeout(readAndWait, REVOCATIONS_EVERY_MS).unref();
    };
    await readAndWait();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** One statement that also returns the clock of the database, with which `revoked_at` is compared. */
  async #readRevocations(): Promise<void> {
    const { rows } = await this.#database.pool.query<{
      at: string;
      session_id: string | null;
      expires_at: Date;
      issued_until: Date | null;
    }>(
      `select clock.at::text, r.session_id, r.expires_at, r.issued_until
       from (select now() as at) clock left join session_revocation r
         on r.expires_at > clock.at and r.revoked_at > coalesce($1::timestamptz - $2::interval, '-infinity')`,
      [this.#readAt, REVOCATIONS_OVERLAP],
    );
    this.#readAt = rows[0]?.at ?? null;
    for (const { session_id: id, expires_at: expiresAt, issued_until: issuedUntil } of rows) {
      const until = issuedUntil?.getTime() ?? Number.POSITIVE_INFINITY;
      if (id) this.#add(id, { expiresAt: expiresAt.getTime(), issuedUntil: until });
    }
    for (const [id, { expiresAt }] of this.#revoked) if (expiresAt <= Date.now()) this.#revoked.delete(id);
  }

  #isRevoked(id: string, issuedAt: number): boolean {
    const revocation = this.#revoked.get(id);
    return revocation !== undefined && issuedAt <= revocation.issuedUntil;
  }

  /** Of two revocations with one id, the one that ends more sessions counts. */
  #add(id: string, { expiresAt, issuedUntil }: Revocation): void {
    const known = this.#revoked.get(id);
    this.#revoked.set(id, {
      expiresAt: Math.max(expiresAt, known?.expiresAt ?? 0),
      issuedUntil: Math.max(issuedUntil, known?.issuedUntil ?? 0),
    });
  }
}

/** Formats 32 hexadecimal digits as an id. */
function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
