import type { Pool } from 'pg';
import { SealedIds } from './secrets.ts';

/** The private addresses that people's calendars follow: at most one each. Whoever knows it reads their seats, and nothing else. */
export class CalendarFeeds {
  readonly #pool: Pool;
  readonly #sealed: SealedIds;

  constructor(pool: Pool, secret: string) {
    this.#pool = pool;
    this.#sealed = new SealedIds(secret, 'calendar-feed');
  }

  /** The token of a person's feed; undefined where they have none. */
  async tokenOf(attendeeId: string): Promise<string | undefined> {
    const found = await this.#pool.query<{ id: string | null }>(
      'select calendar_feed_id as id from attendee where id = $1',
      [attendeeId],
    );
    const id = found.rows[0]?.id;
    return id ? this.#sealed.seal(id) : undefined;
  }

  /** A new feed. The token of the one before opens nothing any more. */
  async renew(attendeeId: string): Promise<void> {
    await this.#pool.query('update attendee set calendar_feed_id = gen_random_uuid() where id = $1', [attendeeId]);
  }

  /** There is no feed any more. Safe to repeat. */
  async end(attendeeId: string): Promise<void> {
    await this.#pool.query('update attendee set calendar_feed_id = null where id = $1', [attendeeId]);
  }

  /** Whose feed a token opens; undefined for one that was ended, or that this installation did not make. */
  async attendeeOf(token: string): Promise<string | undefined> {
    const id = this.#sealed.open(token);
    if (!id) return undefined;
    const found = await this.#pool.query<{ id: string }>('select id from attendee where calendar_feed_id = $1', [id]);
    return found.rows[0]?.id;
  }
}
