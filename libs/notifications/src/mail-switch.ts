import { createHash } from 'node:crypto';
import { type Configuration, type Database, PartError } from '#platform';

/**
 * The reason why this installation sends no mail. `switched-off`: `MAIL_OFF` is 1. `copy`: the database was confirmed for another place, so
 * it is probably a copy whose messages the original sends. `unknown`: the database was not read yet.
 */
export type MailOffReason = 'switched-off' | 'copy' | 'unknown';

/** The messages that wait: their number, and since when the oldest one waits (ISO 8601). */
export interface WaitingMessages {
  messages: number;
  since: string | undefined;
}

/** Decides whether this installation may send mail (docs/adr/0034). */
export abstract class MailSwitch {
  /** Undefined while mail is on; as of the last `read`. */
  abstract offBecause(): MailOffReason | undefined;
  /**
   * Reads from the database whether mail was confirmed for this place. The first worker of a new database confirms it.
   * @param options.confirmsFirst false: a database that was confirmed for no place stays unconfirmed, and the answer is `unknown`. Default
   *   true.
   * @returns as `offBecause`
   */
  abstract read(options?: { confirmsFirst?: boolean }): Promise<MailOffReason | undefined>;
  /**
   * Confirms this place: its workers send within seconds. @param options.drop deletes the waiting messages first, so that they are never
   * sent
   */
  abstract confirm(options?: { drop?: boolean }): Promise<void>;
  abstract waiting(): Promise<WaitingMessages>;
  /** Rejects with a `PartError` `off` while mail is off. */
  abstract check(): Promise<void>;
}

/** The parts of the configuration that identify a place. */
type Place = Pick<Configuration, 'PUBLIC_URL' | 'INSTALLATION' | 'MAIL_OFF'>;

// A dump that is restored has another database number, and a server with its own files has another identifier.
const DATABASE = `
  select (select system_identifier from pg_control_system())::text as server,
    (select d.oid from pg_database d where d.datname = current_database())::text as database`;

// The first of several workers decides.
const CONFIRMED = `
  with first as (insert into installation (place) values ($1) on conflict do nothing returning place)
  select place from first union all select place from installation limit 1`;

const WAITING = `
  select count(*)::integer as messages, min(created_at) as since
  from (
    select created_at from outbox where done_at is null
    union all
    select b.created_at from outbox_batch b cross join lateral unnest(b.registration_ids)
  ) waiting`;

/**
 * Opens the switch of one installation. A place is the database (the server's identifier and the number of the database), the host name of
 * `PUBLIC_URL`, and the name `INSTALLATION`. A copy of the database differs from its original in one of them.
 */
export function openMailSwitch({ database, place }: { database: Database; place: Place }): MailSwitch {
  const { pool } = database;
  let reason: MailOffReason | undefined = place.MAIL_OFF ? 'switched-off' : 'unknown';

  async function digestOfPlace(): Promise<string> {
    const { rows } = await pool.query<{ server: string; database: string }>(DATABASE);
    const parts = [rows[0]?.server, rows[0]?.database, new URL(place.PUBLIC_URL).hostname, place.INSTALLATION];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  }

  return {
    offBecause: () => reason,

    async read({ confirmsFirst = true } = {}) {
      if (place.MAIL_OFF) return reason;
      const digest = await digestOfPlace();
      const { rows } = confirmsFirst
        ? await pool.query<{ place: string }>(CONFIRMED, [digest])
        : await pool.query<{ place: string }>('select place from installation');
      // Without a row, another worker confirms the place at this moment.
      if (rows[0]) reason = rows[0].place === digest ? undefined : 'copy';
      return reason;
    },

    async confirm({ drop = false } = {}) {
      if (drop) {
        await pool.query('delete from outbox_batch');
        await pool.query('delete from outbox where done_at is null');
      }
      await pool.query(
        `insert into installation (place) values ($1)
         on conflict (only_row) do update set place = excluded.place, confirmed_at = now()`,
        [await digestOfPlace()],
      );
    },

    async waiting() {
      const { rows } = await pool.query<{ messages: number; since: Date | null }>(WAITING);
      return { messages: rows[0]?.messages ?? 0, since: rows[0]?.since?.toISOString() };
    },

    async check() {
      if (reason && reason !== 'unknown') throw new PartError('off', MAIL_IS_OFF[reason]);
    },
  };
}

/** The log message while mail is off. */
export const MAIL_IS_OFF: Record<Exclude<MailOffReason, 'unknown'>, string> = {
  'switched-off': 'MAIL_OFF is 1: no message is sent, and the messages in the outbox stay there',
  copy: 'this database was confirmed for another place, so it looks like a copy: no message is sent until “npm run comptoir -- mail on” confirms that this is the installation that mails people',
};
