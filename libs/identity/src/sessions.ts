import { randomUUID } from 'node:crypto';
import type { Database } from '#platform';
import { derivedKey, type InstallationSecret, SealedBodies } from './secrets.ts';

/** The cookie that carries a session. httpOnly, SameSite=Lax; Secure where the pages are served over https. */
export const SESSION_COOKIE = 'comptoir_session';
/** How long a session lasts, in days. A conference and what follows it. */
export const SESSION_TTL_DAYS = 30;
const SESSION_TTL_MS = SESSION_TTL_DAYS * 24 * 3_600_000;

/** How long a revocation is kept: a day longer than any session that it may end, since the clocks of processes differ. */
const REVOCATION_TTL_DAYS = SESSION_TTL_DAYS + 1;
const REVOCATION_TTL_MS = REVOCATION_TTL_DAYS * 24 * 3_600_000;

/** How often a process reads which sessions were ended by others, in milliseconds. */
const REVOCATIONS_EVERY_MS = 2_000;
/** Rows that were written this long before the last reading are read again: a slow transaction may have committed late. */
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

/** Ends the sessions of one id that were opened until an instant. Milliseconds since 1970. */
interface Revocation {
  expiresAt: number;
  issuedUntil: number;
}

/**
 * Sessions live in sealed cookies, so that reading one needs no query. The few that end before their time are rows of `session_revocation`:
 * one session by its own id; all sessions of an attendee by the id of the attendee, those opened before an instant, or all of them once
 * the attendee was erased. Every process keeps that short list in memory.
 */
export class Sessions {
  readonly #database: Database;
  readonly #sealed: SealedBodies;
  /** By the id of a session or of an attendee. */
  readonly #revoked = new Map<string, Revocation>();
  #timer: NodeJS.Timeout | undefined;
  /** When the list was last read, by the database's clock. */
  #readAt: string | null = null;

  constructor(database: Database, { APP_SECRET: secret }: InstallationSecret) {
    this.#database = database;
    this.#sealed = new SealedBodies(derivedKey(secret, 'session'), BODY_BYTES);
  }

  /** Makes a session: the sealed value of its cookie, and when it ends. */
  open(attendeeId: string): { cookie: string; expiresAt: Date } {
    const expiresAt = new Date(Date.now() + SESSION_TTL_MS);
    const body = Buffer.from((randomUUID() + attendeeId).replaceAll('-', '').padEnd(BODY_BYTES * 2, '0'), 'hex');
    body.writeUIntBE(expiresAt.getTime(), ENDS_AT_BYTE, 6);
    return { cookie: this.#sealed.seal(body), expiresAt };
  }

  /** The session of a cookie's value; undefined when it is missing, forged, over or ended. Makes no query and never throws. */
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

  /** Ends a session now in this process, and within seconds in every other. */
  async end(sessionId: string): Promise<void> {
    // By the clock of the database, whose tidying deletes the row: a process with a wrong clock must not let a session come back.
    await this.#database.pool.query(
      `insert into session_revocation (session_id, expires_at) values ($1, now() + make_interval(days => $2)) on conflict do nothing`,
      [sessionId, REVOCATION_TTL_DAYS],
    );
    this.refuse(sessionId);
  }

  /**
   * Ends every session of an attendee that was opened until now, by the clock of this process, which opened them or is near it. The row of
   * an erased attendee has no instant and stays as it is: all their sessions are refused for good.
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

  /** Refuses a session, or all sessions of an attendee, in this process. The row in the database exists already. */
  refuse(id: string): void {
    this.#add(id, { expiresAt: Date.now() + REVOCATION_TTL_MS, issuedUntil: Number.POSITIVE_INFINITY });
  }

  /** Reads the sessions that other processes ended, now and every two seconds. Never rejects: the database may be away. */
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

  /** In one statement with the clock of the database, against which `revoked_at` is compared. */
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

  /** Of two revocations with one id the wider one counts. */
  #add(id: string, { expiresAt, issuedUntil }: Revocation): void {
    const known = this.#revoked.get(id);
    this.#revoked.set(id, {
      expiresAt: Math.max(expiresAt, known?.expiresAt ?? 0),
      issuedUntil: Math.max(issuedUntil, known?.issuedUntil ?? 0),
    });
  }
}

/** Writes 32 hexadecimal digits as the text of an id. */
function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
