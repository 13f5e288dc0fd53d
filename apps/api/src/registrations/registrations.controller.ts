import { Controller } from '@nestjs/common';
import { ProblemError, type Receipt, type Registration } from '#contract';
import { GuestRegistrations, RegistrationChanges, RegistrationReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';
import { isEnded } from '../http/registration-access.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { OwnSeats } from './own-seats.ts';

/** The registrations of an attendee, and their changes. Claims are in claims.ts. */
@Controller()
export class RegistrationsController {
  readonly #reads: RegistrationReads;
  readonly #changes: RegistrationChanges;
  readonly #guests: GuestRegistrations;
  readonly #view: CafeView;
  readonly #own: OwnSeats;

  constructor(
    reads: RegistrationReads,
    changes: RegistrationChanges,
    guests: GuestRegistrations,
    view: CafeView,
    own: OwnSeats,
  ) {
    this.#reads = reads;
    this.#changes = changes;
    this.#guests = guests;
    this.#view = view;
    this.#own = own;
  }

  @Handles('GET /me/registrations')
  mine({ session }: CallInput<'GET /me/registrations'>): Promise<Registration[]> {
    return this.#reads.registrationsOf(session.attendeeId);
  }

  @Handles('GET /registrations/{id}')
  one(input: CallInput<'GET /registrations/{id}'>): Promise<Registration> {
    return this.#own.look(input);
  }

  @Handles('DELETE /registrations/{id}')
  cancel(input: CallInput<'DELETE /registrations/{id}'>): Promise<Registration> {
    return this.#own.change(input, (attendeeId) => this.#changes.cancel(input.id, attendeeId));
  }

  /** Confirms a guest registration as its attendee. */
  @Handles('POST /registrations/{id}/confirm')
  async confirm({ id, registration }: CallInput<'POST /registrations/{id}/confirm'>): Promise<Registration> {
    const { attendeeId } = registration;
    await this.#own.countChange(attendeeId);
    await this.#guests.confirmAsOwner(attendeeId, id);
    const confirmed = await this.#reads.registration(id);
    if (!confirmed) throw new ProblemError('registration-not-found');
    // The registration expired, or the attendee has another registration in that Café.
    if (confirmed.guest || isEnded(confirmed)) throw new ProblemError('registration-over');
    return confirmed;
  }

  @Handles('POST /registrations/{id}/accept')
  accept(input: CallInput<'POST /registrations/{id}/accept'>): Promise<Registration> {
    return this.#view.withTitles(input.locale, () =>
      this.#own.change(input, (attendeeId) => this.#changes.accept(input.id, attendeeId)),
    );
  }

  @Handles('POST /registrations/{id}/decline')
  decline(input: CallInput<'POST /registrations/{id}/decline'>): Promise<Registration> {
    return this.#own.change(input, (attendeeId) => this.#changes.decline(input.id, attendeeId));
  }

  @Handles('POST /registrations/{id}/swap')
  async swap(input: CallInput<'POST /registrations/{id}/swap'>): Promise<Registration> {
    const { id, body, locale, registration } = input;
    const { attendeeId } = registration;
    await this.#own.countChange(attendeeId);
    return this.#view.withTitles(locale, () => this.#changes.swap(id, body.cafeId, attendeeId));
  }

  @Handles('GET /registrations/{id}/receipt')
  async receipt({ id, registration }: CallInput<'GET /registrations/{id}/receipt'>): Promise<Receipt> {
    return { registrationId: id, events: await this.#reads.receiptOf(registration) };
  }
}
