import type { Configuration, Database } from '#platform';
import { SealedIds } from './secrets.ts';

/**
 * The links in reminders that turn them off without a session (RFC 8058). A link turns off the reminders of its attendee, and permits
 * nothing else. It works as long as the attendee exists.
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

  /** The address of a link. `GET` shows a page with a button, `POST` turns the reminders off. */
  link(attendeeId: string): string {
    return `${this.#publicUrl}/api/v1/reminders/unsubscribe?token=${this.#sealed.seal(attendeeId)}`;
  }

  /**
   * Turns the reminders off. Safe to repeat. @returns false for a token that this installation did not make, or whose attendee was deleted
   */
  async end(token: string): Promise<boolean> {
    const id = this.#sealed.open(token);
    if (!id) return false;
    return (await this.#attendees.updateMany({ where: { id }, data: { reminders: false } })).count === 1;
  }
}
