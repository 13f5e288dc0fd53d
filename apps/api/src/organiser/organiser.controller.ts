import { Controller } from '@nestjs/common';
import {
  type Cafe,
  type CafePlace,
  type CallAnswer,
  type ChangedCafe,
  type Locale,
  type MovePreview,
  ProblemError,
} from '#contract';
import { Attendees } from '#identity';
import { type CafeFacts, Programme } from '#programme';
import { AttendanceReads, CountReads, PendingChanges } from '#seats';
import { ProgrammeChanges } from '../editing/programme-changes.ts';
import { type CallInput, Handles } from '../http/call.ts';
import { CafeView } from '../programme/cafe-view.ts';

/** The maximum duration of a Café, in minutes. The seat engine has the same limit. */
const CAFE_MINUTES_MAX = 24 * 60;

/** Changes of Cafés by an organiser. */
@Controller()
export class OrganiserController {
  readonly #pending: PendingChanges;
  readonly #changes: ProgrammeChanges;
  readonly #attendance: AttendanceReads;
  readonly #counts: CountReads;
  readonly #programme: Programme;
  readonly #attendees: Attendees;
  readonly #view: CafeView;

  constructor(
    pending: PendingChanges,
    changes: ProgrammeChanges,
    attendance: AttendanceReads,
    counts: CountReads,
    programme: Programme,
    attendees: Attendees,
    view: CafeView,
  ) {
    this.#pending = pending;
    this.#changes = changes;
    this.#attendance = attendance;
    this.#counts = counts;
    this.#programme = programme;
    this.#attendees = attendees;
    this.#view = view;
  }

  @Handles('PATCH /cafes/{id}')
  async change(input: CallInput<'PATCH /cafes/{id}'>): Promise<CallAnswer<'PATCH /cafes/{id}'>> {
    const { id, body, locale, session, expectVersion } = input;
    await this.#pending.applyDue();
    const { changeId } = await this.#changes.change(id, body, { by: session.attendeeId, expectVersion });
    return { ...(await this.#changed(id, locale)), ...(changeId && { changeId }) };
  }

  @Handles('DELETE /cafes/{id}/closings/{closingId}')
  async undoClosing(input: CallInput<'DELETE /cafes/{id}/closings/{closingId}'>): Promise<ChangedCafe> {
    const { id, closingId, locale, session, expectVersion } = input;
    await this.#pending.undoChange(id, { id: closingId, of: 'closing', expectVersion }, session.attendeeId);
    return this.#changed(id, locale);
  }

  @Handles('POST /cafes/{id}/move-preview')
  async previewMove(input: CallInput<'POST /cafes/{id}/move-preview'>): Promise<MovePreview> {
    const { id, body, locale, cafe } = input;
    const { roomId, startsAt, endsAt, capacity, taken } = await this.#placed(cafe, body);
    const stays = roomId === cafe.roomId && startsAt === cafe.startsAt && endsAt === cafe.endsAt;
    if (!stays && Date.parse(endsAt) <= Date.now()) throw new ProblemError('ends-before-now');
    const clashing = stays ? [] : await this.#attendance.clashesOfMove(id, startsAt, endsAt);
    const [names, titles] = await Promise.all([
      this.#attendees.findByIds(clashing.map(({ attendeeId }) => attendeeId)),
      this.#view.titles([...new Set(clashing.map(({ otherCafeId }) => otherCafeId))], locale),
    ]);
    const clashes = clashing.map(({ registrationId, attendeeId, otherCafeId }) => ({
      registrationId,
      name: names.get(attendeeId)?.name ?? '',
      otherCafeId,
      otherTitle: titles.get(otherCafeId) ?? '',
    }));
    return { clashes, capacity, taken, excess: Math.max(0, taken - capacity) };
  }

  @Handles('POST /cafes/{id}/move')
  async move({ id, body, locale, session, expectVersion }: CallInput<'POST /cafes/{id}/move'>): Promise<Cafe> {
    await this.#changes.change(id, body, { by: session.attendeeId, expectVersion, move: true });
    return this.#view.cafe(id, locale, { drafts: true });
  }

  async #changed(cafeId: string, locale: Locale): Promise<ChangedCafe> {
    const [cafe, [counts]] = await Promise.all([
      this.#view.cafe(cafeId, locale, { drafts: true }),
      this.#counts.cafeSeats([cafeId]),
    ]);
    return { ...cafe, ...(counts?.closing && { closing: counts.closing }) };
  }

  /** The place of a Café after a move. Omitted values stay. An omitted capacity stays up to the capacity of the room. */
  async #placed(cafe: CafeFacts, place: CafePlace) {
    const { roomId = cafe.roomId, startsAt = cafe.startsAt, endsAt = cafe.endsAt } = place;
    const [room, [counts]] = await Promise.all([this.#programme.room(roomId), this.#counts.cafeSeats([cafe.id])]);
    if (!counts || room?.eventId !== cafe.eventId) throw new ProblemError('room-not-found');
    const minutes = (Date.parse(endsAt) - Date.parse(startsAt)) / 60_000;
    if (minutes <= 0 || minutes > CAFE_MINUTES_MAX) throw new ProblemError('ends-before-start');
    const capacity = place.capacity ?? Math.min(counts.targetCapacity ?? counts.capacity, room.capacity);
    if (capacity > room.capacity)
      throw new ProblemError('capacity-above-room', { capacity, roomCapacity: room.capacity });
    return { roomId, startsAt, endsAt, capacity, taken: counts.taken };
  }
}
