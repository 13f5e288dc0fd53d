import { randomUUID } from 'node:crypto';
import type { Database } from '#platform';
import { type InstallationSecret, SealedIds } from './secrets.ts';

/** The private addresses of calendar feeds, at most one for each attendee. Its owner reads the seats of the attendee, and nothing else. */
export class CalendarFeeds {
  readonly #attendees: Database['prisma']['attendee'];
  readonly #sealed: SealedIds;

  constructor({ prisma }: Database, { APP_SECRET: secret }: InstallationSecret) {
    this.#attendees = prisma.attendee;
    this.#sealed = new SealedIds(secret, 'calendar-feed');
  }

  /** The token of an attendee's feed; undefined where they have none. */
  async tokenOf(attendeeId: string): Promise<string | undefined> {
    const found = await this.#attendees.findUnique({
      where: { id: attendeeId },
      select: { calendarFeedId: true },
    });
    return found?.calendarFeedId ? this.#sealed.seal(found.calendarFeedId) : undefined;
  }

  /** Makes a new feed. The token of the one before stops working. */
  async renew(attendeeId: string): Promise<void> {
    await this.#attendees.updateMany({ where: { id: attendeeId }, data: { calendarFeedId: randomUUID() } });
  }

  /** Removes the feed. Safe to repeat. */
  async end(attendeeId: string): Promise<void> {
    await this.#attendees.updateMany({ where: { id: attendeeId }, data: { calendarFeedId: null } });
  }

  /** The attendee whose feed a token opens; undefined for one that was ended, or that this installation did not make. */
  async attendeeOf(token: string): Promise<string | undefined> {
    const calendarFeedId = this.#sealed.open(token);
    if (!calendarFeedId) return undefined;
    return (await this.#attendees.findFirst({ where: { calendarFeedId }, select: { id: true } }))?.id;
  }
}
