import { Controller } from '@nestjs/common';
import { type DelegationAnswer, type DelegationPreview, ProblemError } from '#contract';
import { Attendees } from '#identity';
import { RegistrationReads, SeatClaims, type TypedName } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';
import { Deliverable } from '../http/deliverable.ts';
import { type Limit, Limits } from '../http/limits.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { withoutOwner } from './own-seats.ts';

/** Delegations: one person claims seats for several people. */
@Controller()
export class DelegationsController {
  readonly #claims: SeatClaims;
  readonly #reads: RegistrationReads;
  readonly #attendees: Attendees;
  readonly #view: CafeView;
  readonly #deliverable: Deliverable;
  /** The limit for the people in delegations, by delegate, because each of them may get a mail. */
  readonly #delegated: Limit;

  constructor(
    claims: SeatClaims,
    reads: RegistrationReads,
    attendees: Attendees,
    view: CafeView,
    deliverable: Deliverable,
    limits: Limits,
  ) {
    this.#claims = claims;
    this.#reads = reads;
    this.#attendees = attendees;
    this.#view = view;
    this.#deliverable = deliverable;
    this.#delegated = limits.limit({ name: 'delegated', points: 200, seconds: 3_600 });
  }

  @Handles('POST /cafes/{id}/delegations')
  async delegate(input: CallInput<'POST /cafes/{id}/delegations'>): Promise<DelegationAnswer> {
    const { id: cafeId, body, locale, session } = input;
    const { mode, people } = body;
    const { attendeeId } = session;
    // A session may exist for some seconds after its attendee was erased. It must not make registrations.
    if (!(await this.#attendees.findById(attendeeId))) throw new ProblemError('not-signed-in');
    await this.#delegated.count(attendeeId, people.length);
    await this.#view.facts(cafeId);
    const emails = people.map(({ email }) => email);
    await this.#deliverable.checkAll(emails, (index) => `people.${index}.email`);
    const typed = new Map<string, TypedName>();
    for (const person of people) typed.set(await this.#attendees.upsertByEmail({ locale, ...person }), person);
    const attendeeIds = [...typed.keys()];
    const answers = await this.#claims.claimTogether({ cafeId, attendeeIds, mode, by: attendeeId, typed });
    return {
      people: answers.map(({ outcome, registration }, index) => ({
        email: people[index]?.email ?? '',
        outcome,
        ...(registration && {
          registration: attendeeIds[index] === attendeeId ? registration : withoutOwner(registration),
        }),
      })),
    };
  }

  /** It reveals no more about other people than the call above. Both share one limit. */
  @Handles('POST /cafes/{id}/delegations/preview')
  async preview(input: CallInput<'POST /cafes/{id}/delegations/preview'>): Promise<DelegationPreview> {
    const { emails } = input.body;
    await this.#delegated.count(input.session.attendeeId, emails.length);
    const { id } = await this.#view.visible(input.id);
    await this.#deliverable.checkAll(emails, (index) => `emails.${index}`);
    const people: DelegationPreview['people'] = [];
    for (const email of emails) people.push({ email, outcome: await this.#outcomeFor(email, id) });
    return { people };
  }

  /** Returns whether the person of an address, known or not, can get a seat in a Café. */
  async #outcomeFor(email: string, cafeId: string): Promise<DelegationPreview['people'][number]['outcome']> {
    const person = await this.#attendees.findByEmail(email);
    if (!person) return 'free';
    const [theirs, clashes] = await Promise.all([
      this.#reads.registrationsOf(person.attendeeId),
      this.#reads.clashesWith(person.attendeeId, cafeId),
    ]);
    const ended = ['cancelled', 'expired'];
    // A guest registration does not prevent a registration of an attendee whose address is proved.
    const own = theirs.filter(({ guest, status }) => !ended.includes(status) && !(guest && person.proved));
    if (own.some((each) => each.cafeId === cafeId)) return 'existing';
    return clashes.length > 0 ? 'schedule-clash' : 'free';
  }
}
