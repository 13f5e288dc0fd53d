import { Controller } from '@nestjs/common';
import {
  type EditedEvent,
  type EditedProgramme,
  type NewEvent,
  type OrganisedEvent,
  ProblemError,
  type PublicationCheck,
} from '#contract';
import { Roles } from '#identity';
import { EventEditing, localiseEvent, Programme } from '#programme';
import { type CallInput, Handles } from '../http/call.ts';
import { EditedView } from './edited-view.ts';
import { ProgrammeChanges } from './programme-changes.ts';

/** Adding, changing, copying, publishing and deleting events. */
@Controller()
export class EventsController {
  readonly #editing: EventEditing;
  readonly #changes: ProgrammeChanges;
  readonly #edited: EditedView;
  readonly #programme: Programme;
  readonly #roles: Roles;

  constructor(
    editing: EventEditing,
    changes: ProgrammeChanges,
    edited: EditedView,
    programme: Programme,
    roles: Roles,
  ) {
    this.#editing = editing;
    this.#changes = changes;
    this.#edited = edited;
    this.#programme = programme;
    this.#roles = roles;
  }

  @Handles('GET /organiser/events')
  async organised({ session, locale }: CallInput<'GET /organiser/events'>): Promise<OrganisedEvent[]> {
    const events = await this.#organisedBy(session.attendeeId);
    return events.map((event) => {
      const { organisationId, state, cafes, version } = event;
      return { ...localiseEvent(event, locale), organisationId, state, cafes, version };
    });
  }

  @Handles('POST /events')
  async add({ body, session }: CallInput<'POST /events'>): Promise<EditedEvent> {
    const { attendeeId } = session;
    const id = await this.#editing.add(body, await this.#organisationFor(body, attendeeId), attendeeId);
    await this.#roles.grant(attendeeId, { role: 'organiser', eventId: id }, attendeeId);
    return this.#edited.event(id);
  }

  @Handles('GET /events/{slug}/programme')
  edit({ event }: CallInput<'GET /events/{slug}/programme'>): Promise<EditedProgramme> {
    return this.#edited.programme(event.id);
  }

  @Handles('PATCH /events/{slug}')
  async change({ event, body, session, expectVersion }: CallInput<'PATCH /events/{slug}'>): Promise<EditedEvent> {
    await this.#editing.change(event.id, body, { by: session.attendeeId, expectVersion });
    await this.#changes.changed(event.id);
    return this.#edited.event(event.id);
  }

  @Handles('DELETE /events/{slug}')
  async remove({ event, session }: CallInput<'DELETE /events/{slug}'>): Promise<void> {
    await this.#editing.remove(event.id, session.attendeeId);
    await this.#changes.changed(event.id);
  }

  @Handles('POST /events/{slug}/duplicate')
  async duplicate({ event, body, session }: CallInput<'POST /events/{slug}/duplicate'>): Promise<EditedEvent> {
    const { attendeeId } = session;
    const id = await this.#editing.duplicate(event.id, body, attendeeId);
    await this.#roles.grant(attendeeId, { role: 'organiser', eventId: id }, attendeeId);
    return this.#edited.event(id);
  }

  @Handles('GET /events/{slug}/publication')
  async check({ event }: CallInput<'GET /events/{slug}/publication'>): Promise<PublicationCheck> {
    const [blockers, programme] = await Promise.all([
      this.#editing.blockers(event.id),
      this.#edited.programme(event.id),
    ]);
    const drafts = programme.cafes.filter(({ state }) => state === 'draft').map(({ id }) => id);
    return { state: programme.event.state, blockers, hints: hintsOf(programme), drafts };
  }

  @Handles('POST /events/{slug}/publication')
  async publish(input: CallInput<'POST /events/{slug}/publication'>): Promise<EditedEvent> {
    const { event, body, session, expectVersion } = input;
    const { cafeIds } = await this.#editing.publish(event.id, body, { by: session.attendeeId, expectVersion });
    await this.#changes.changed(event.id, cafeIds);
    return this.#edited.event(event.id);
  }

  @Handles('DELETE /events/{slug}/publication')
  async withdraw(input: CallInput<'DELETE /events/{slug}/publication'>): Promise<EditedEvent> {
    const { event, session, expectVersion } = input;
    const { cafeIds } = await this.#editing.withdraw(event.id, { by: session.attendeeId, expectVersion });
    await this.#changes.changed(event.id, cafeIds);
    return this.#edited.event(event.id);
  }

  async #organisedBy(attendeeId: string) {
    const roles = await this.#roles.of(attendeeId);
    return this.#programme.eventsOf(roles.flatMap((role) => (role.role === 'organiser' ? [role.eventId] : [])));
  }

  /**
   * The organisation of a new event: one whose events the person organises.
   * @throws ProblemError `not-allowed` for a person without one; `organisation-not-found` for another one, and where it must be named
   */
  async #organisationFor({ organisationId }: NewEvent, attendeeId: string): Promise<string> {
    const events = await this.#organisedBy(attendeeId);
    const own = new Set(events.map((event) => event.organisationId));
    if (own.size === 0) throw new ProblemError('not-allowed');
    const [only] = own;
    const chosen = organisationId ?? (own.size === 1 ? only : undefined);
    if (!chosen || !own.has(chosen)) throw new ProblemError('organisation-not-found');
    return chosen;
  }
}

/** What the organisers of an event may have forgotten. */
function hintsOf({ event, cafes, missing }: EditedProgramme): PublicationCheck['hints'] {
  const { privacy, legalNotice, accessibility, contact } = event.legal;
  const past = cafes.filter(({ endsAt }) => Date.parse(endsAt) < Date.now());
  const outside = cafes.filter(({ startsAt, endsAt }) => startsAt < event.startsAt || endsAt > event.endsAt);
  const ids = (found: { id: string }[]) => ({ cafeIds: found.map(({ id }) => id) });
  return [
    ...(event.venue ? [] : [{ hint: 'no-venue' as const }]),
    ...(contact ? [] : [{ hint: 'no-contact' as const }]),
    ...(event.replyTo ? [] : [{ hint: 'no-reply-to' as const }]),
    ...(privacy && legalNotice && accessibility ? [] : [{ hint: 'default-legal-texts' as const }]),
    ...(missing.length > 0 ? [{ hint: 'missing-translations' as const }] : []),
    ...(past.length > 0 ? [{ hint: 'past-cafes' as const, ...ids(past) }] : []),
    ...(outside.length > 0 ? [{ hint: 'outside-event' as const, ...ids(outside) }] : []),
  ];
}
