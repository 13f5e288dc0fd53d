import type { Configuration, Database } from '#platform';
import { SealedIds } from './secrets.ts';

/**
 * The links in reminders that end them without a session (RFC 8058). Whoever has one ends the reminders to its attendee, and does nothing
 * else with it. It works as long as the attendee exists.
 */
export class ReminderLinks {
  readonly #attendees: Database['prisma']['attendee'];
  readonly #sealed: SealedIds;
  readonly #publicUrl: string;

  constructor({ prisma }: Database, { APP_SECRET, PUBLIC_URL }: Pick<Configuration, 'APP_SECRET' | 'PUBLIC_URL'>) {
    this.#attendees = prisma.attendee;
    this.#sealed = new SealedIds(APP_SECRET, 'reminders-off');
    this.#publicUrl = PUBLIC_URL;
  }

  /** A `GET` of it shows a page with a button, a `POST` ends the reminders. */
  link(attendeeId: string): string {
    return `${this.#publicUrl}/api/v1/reminders/unsubscribe?token=${this.#sealed.seal(attendeeId)}`;
  }

  /** Ends the reminders. Safe to repeat. @returns false of a token that this installation did not make, or whose attendee is gone */
  async end(token: string): Promise<boolean> {
    const id = this.#sealed.open(token);
    if (!id) return false;
    return (await this.#attendees.updateMany({ where: { id }, data: { reminders: false } })).count === 1;
  }
}
