import { randomUUID } from 'node:crypto';
import type { Database } from '#platform';
import { type InstallationSecret, SealedIds } from './secrets.ts';

/**
 * The private addresses of calendar feeds, at most one for each attendee. A feed gives read access to the seats of the attendee, and to
 * nothing else.
 */
export class CalendarFeeds {
  readonly #attendees: Database['prisma']['attendee'];
  readonly #sealed: SealedIds;

  constructor({ prisma }: Database, { APP_SECRET: secret }: InstallationSecret) {
    this.#attendees = prisma.attendee;
    this.#sealed = new SealedIds(secret, 'calendar-feed');
  }

  /** Returns the token of an attendee's feed; undefined if they have none. */
  async tokenOf(attendeeId: string): Promise<string | undefined> {
    const found = await this.#attendees.findUnique({
      where: { id: attendeeId },
      select: { calendarFeedId: true },
    });
    return found?.calendarFeedId ? this.#sealed.seal(found.calendarFeedId) : undefined;
  }

  /** Creates a new feed. The token of the previous feed stops working. */
  async renew(attendeeId: string): Promise<void> {
    await this.#attendees.updateMany({ where: { id: attendeeId }, data: { calendarFeedId: randomUUID() } });
  }

  /** Removes the feed. Safe to repeat. */
  async end(attendeeId: string): Promise<void> {
    await this.#attendees.updateMany({ where: { id: attendeeId }, data: { calendarFeedId: null } });
  }

  /** Returns the attendee of a feed's token; undefined for a removed feed, or a token that this installation did not make. */
  async attendeeOf(token: string): Promise<string | undefined> {
    const calendarFeedId = this.#sealed.open(token);
    if (!calendarFeedId) return undefined;
    return (await this.#attendees.findFirst({ where: { calendarFeedId }, select: { id: true } }))?.id;
  }
}
