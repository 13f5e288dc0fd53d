import { Controller } from '@nestjs/common';
import { type MyData, ProblemError } from '#contract';
import { Attendees, Erasure } from '#identity';
import { Outbox } from '#notifications';
import { RegistrationChanges, RegistrationReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';
import { Cookies } from '../http/cookies.ts';
import { CafeView } from '../programme/cafe-view.ts';

/** The maximum number of attempts to erase an attendee. An attempt fails if the attendee claims another seat while it runs. */
const ERASE_TRIES = 3;

/** The rights of a person to their data: a copy of all stored data about them, and its erasure. */
@Controller()
export class MyDataController {
  readonly #attendees: Attendees;
  readonly #erasure: Erasure;
  readonly #reads: RegistrationReads;
  readonly #changes: RegistrationChanges;
  readonly #outbox: Outbox;
  readonly #cookies: Cookies;
  readonly #view: CafeView;

  constructor(
    attendees: Attendees,
    erasure: Erasure,
    reads: RegistrationReads,
    changes: RegistrationChanges,
    outbox: Outbox,
    cookies: Cookies,
    view: CafeView,
  ) {
    this.#attendees = attendees;
    this.#erasure = erasure;
    this.#reads = reads;
    this.#changes = changes;
    this.#outbox = outbox;
    this.#cookies = cookies;
    this.#view = view;
  }

  @Handles('GET /me/data')
  async data({ session, locale, reply }: CallInput<'GET /me/data'>): Promise<MyData> {
    const { attendeeId } = session;
    const [me, dates, registrations, messages] = await Promise.all([
      this.#attendees.profileOf(attendeeId),
      this.#attendees.datesOf(attendeeId),
      this.#reads.everyRegistrationOf(attendeeId),
      this.#outbox.messagesTo(attendeeId),
    ]);
    if (!me || !dates) throw new ProblemError('not-signed-in');
    const cafeIds = registrations.map(({ cafeId }) => cafeId);
    const titles = await this.#view.titles(cafeIds, locale);
    const shown: MyData['registrations'] = [];
    for (const each of registrations) {
      shown.push({ ...each, cafe: titles.get(each.cafeId) ?? '', events: await this.#reads.receiptOf(each) });
    }
    reply.header('content-disposition', 'attachment; filename="comptoir.json"');
    return { exportedAt: new Date().toISOString(), person: { ...me, ...dates }, registrations: shown, messages };
  }

  /** Ends the seats through the engine, so that the waitlists move up. Then erases the attendee and ends the sessions. */
  @Handles('DELETE /me')
  async erase({ session, reply }: CallInput<'DELETE /me'>): Promise<void> {
    const { attendeeId } = session;
    let erased = false;
    // The first call erases the messages even if a later step fails; the last call erases those that were enqueued in the meantime.
    await this.#outbox.eraseMessagesTo(attendeeId);
    for (let tries = 0; tries < ERASE_TRIES && !erased; tries++) {
      await this.#endSeats(attendeeId);
      erased = await this.#erasure.erase(attendeeId);
    }
    if (!erased) throw new ProblemError('busy', {}, 1);
    await this.#outbox.eraseMessagesTo(attendeeId);
    this.#cookies.clearSession(reply);
  }

  async #endSeats(attendeeId: string): Promise<void> {
    for (const { id, status } of await this.#reads.registrationsOf(attendeeId)) {
      if (status !== 'cancelled' && status !== 'expired') await this.#changes.cancel(id, attendeeId);
    }
  }
}
