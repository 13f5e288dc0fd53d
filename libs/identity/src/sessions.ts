import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { derivedKey, SealedBodies } from './secrets.ts';

/** The cookie that carries a session. httpOnly, SameSite=Lax; Secure where the pages are served over https. */
export const SESSION_COOKIE = 'comptoir_session';
/** How long a session lasts, in days. A conference and what follows it. */
export const SESSION_TTL_DAYS = 30;
const SESSION_TTL_MS = SESSION_TTL_DAYS * 24 * 3_600_000;

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

/** Which sessions of one id are refused: those issued until an instant, as long as the last of them would live. Milliseconds since 1970. */
interface Revocation {
  expiresAt: number;
  issuedUntil: number;
}

/**
 * Sessions live in sealed cookies: reading one asks nobody. The few that were ended before their time stand in
 * `session_revocation`: one by its own id; all of a person by the id of the person, where they were opened before an instant or the
 * person was erased. Every process keeps that short list in memory.
 */
export class Sessions {
  readonly #pool: Pool;
  readonly #sealed: SealedBodies;
  /** By the id of a session or of a person. */
  readonly #revoked = new Map<string, Revocation>();
  #timer: NodeJS.Timeout | undefined;
  /** When the list was last read, by the database's clock. */
  #readAt: string | null = null;

  constructor(pool: Pool, secret: string) {
    this.#pool = pool;
    this.#sealed = new SealedBodies(derivedKey(secret, 'session'), BODY_BYTES);
  }

  /** A new session: the sealed value of its cookie, and when it ends. */
  open(attendeeId: string): { cookie: string; expiresAt: Date } {
    const expiresAt = new Date(Date.now() + SESSION_TTL_MS);
    const body = Buffer.from((randomUUID() + attendeeId).replaceAll('-', '').padEnd(BODY_BYTES * 2, '0'), 'hex');
    body.writeUIntBE(expiresAt.getTime(), ENDS_AT_BYTE, 6);
    return { cookie: this.#sealed.seal(body), expiresAt };
  }

  /** The session of a cookie's value; undefined when it is missing, forged, over or ended. Never throws. */
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

  /** End a session now here, and within seconds in every other process. */
  async end(sessionId: string): Promise<void> {
    await this.#pool.query(
      `insert into session_revocation (session_id, expires_at) values ($1, now() + make_interval(days => $2))
       on conflict do nothing`,
      [sessionId, SESSION_TTL_DAYS],
    );
    this.ended(sessionId);
  }

  /** End every session of a person that was opened until now, by the clock of this process, which opened them or is near it. */
  async endAll(attendeeId: string): Promise<void> {
    const until = new Date();
    // Who was erased stays refused for good: that row has no instant.
    await this.#pool.query(
      `insert into session_revocation as r (session_id, expires_at, issued_until) values ($1, now() + make_interval(days => $2), $3)
       on conflict (session_id) do update set
         revoked_at = now(), expires_at = excluded.expires_at, issued_until = greatest(r.issued_until, excluded.issued_until)
       where r.issued_until is not null`,
      [attendeeId, SESSION_TTL_DAYS, until],
    );
    this.#refuse(attendeeId, { expiresAt: Date.now() + SESSION_TTL_MS, issuedUntil: until.getTime() });
  }

  /** The session, or all sessions of the person, of this id were ended in the database: refuse them here at once. */
  ended(id: string): void {
    this.#refuse(id, { expiresAt: Date.now() + SESSION_TTL_MS, issuedUntil: Number.POSITIVE_INFINITY });
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
    const { rows } = await this.#pool.query<{
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
      if (id) this.#refuse(id, { expiresAt: expiresAt.getTime(), issuedUntil: until });
    }
    for (const [id, { expiresAt }] of this.#revoked) if (expiresAt <= Date.now()) this.#revoked.delete(id);
  }

  #isRevoked(id: string, issuedAt: number): boolean {
    const revocation = this.#revoked.get(id);
    return revocation !== undefined && issuedAt <= revocation.issuedUntil;
  }

  /** What was refused stays so: of two revocations with one id the wider one counts. */
  #refuse(id: string, { expiresAt, issuedUntil }: Revocation): void {
    const known = this.#revoked.get(id);
    this.#revoked.set(id, {
      expiresAt: Math.max(expiresAt, known?.expiresAt ?? 0),
      issuedUntil: Math.max(issuedUntil, known?.issuedUntil ?? 0),
    });
  }
}

/** From 32 hexadecimal digits to the text of an id. */
function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
