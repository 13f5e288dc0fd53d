import { Controller } from '@nestjs/common';
import type { RecordedEntry } from '#audit-log';
import {
  type ProgrammeHistory as HistoryAnswer,
  ProblemError,
  type ProgrammeChange,
  type PublicChange,
} from '#contract';
import { Attendees } from '#identity';
import { fieldChanges, HISTORY_PAGE, localiseTexts, type News, Programme, ProgrammeHistory } from '#programme';
import { CountReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';
import { ProgrammeChanges } from './programme-changes.ts';

/** Answers what changed in a programme: every changed field for its organisers, and only the news for everybody else. */
@Controller()
export class HistoryController {
  readonly #history: ProgrammeHistory;
  readonly #changes: ProgrammeChanges;
  readonly #programme: Programme;
  readonly #counts: CountReads;
  readonly #attendees: Attendees;

  constructor(
    history: ProgrammeHistory,
    changes: ProgrammeChanges,
    programme: Programme,
    counts: CountReads,
    attendees: Attendees,
  ) {
    this.#history = history;
    this.#changes = changes;
    this.#programme = programme;
    this.#counts = counts;
    this.#attendees = attendees;
  }

  @Handles('GET /events/{slug}/history')
  async list({ event, query }: CallInput<'GET /events/{slug}/history'>): Promise<HistoryAnswer> {
    const found = await this.#history.list(event.id, query.before);
    const page = found.slice(0, HISTORY_PAGE);
    const [undoable, names] = await Promise.all([
      this.#history.undoable(event.id, page),
      this.#attendees.findByIds(page.flatMap(({ actorId }) => actorId ?? [])),
    ]);
    const changes = page.flatMap((entry) => changeOf(entry, names, undoable.has(entry.id)) ?? []);
    const last = page.at(-1);
    return { changes, ...(found.length > HISTORY_PAGE && last && { next: last.id }) };
  }

  @Handles('DELETE /events/{slug}/history/{changeId}')
  async undo(input: CallInput<'DELETE /events/{slug}/history/{changeId}'>): Promise<ProgrammeChange> {
    const { event, changeId, session } = input;
    const entry = await this.#history.undo(event.id, changeId, session.attendeeId);
    const { subject, actorId } = entry;
    await this.#changes.changed(event.id, subject.kind === 'cafe' && subject.id ? [subject.id] : []);
    const change = changeOf(entry, await this.#attendees.findByIds(actorId ? [actorId] : []), false);
    if (!change) throw new ProblemError('change-not-found');
    return change;
  }

  @Handles('GET /events/{slug}/changes')
  async news({ slug, locale }: CallInput<'GET /events/{slug}/changes'>): Promise<PublicChange[]> {
    const event = await this.#programme.event({ slug });
    if (event?.state !== 'published' || !event.publishedAt) throw new ProblemError('event-not-found');
    const news = await this.#history.news(event.id, event.publishedAt);
    if (news.length === 0) return [];
    const [programme, counts] = await Promise.all([
      this.#programme.programmeOf(event.id),
      this.#counts.seatsOfEvent(event.id),
    ]);
    const stateOf = new Map(counts.map(({ cafeId, state }) => [cafeId, state]));
    const cafes = new Map(programme?.cafes.map((cafe) => [cafe.id, cafe]));
    const rooms = new Map(programme?.rooms.map(({ code, name }) => [code, name]));
    const roomOf = new Map(programme?.rooms.map(({ id, name }) => [id, name]));
    return news.flatMap(({ id, at, change, cafeId, from, to }) => {
      const cafe = cafes.get(cafeId);
      const state = stateOf.get(cafeId) ?? 'draft';
      // A draft is hidden, and a cancellation that was undone is no news.
      if (!cafe || state === 'draft' || (change === 'cancelled' && state !== 'cancelled')) return [];
      const here = { room: roomOf.get(cafe.roomId) ?? '', startsAt: cafe.startsAt, endsAt: cafe.endsAt };
      const title = localiseTexts(cafe, locale).title;
      const moved = change === 'moved' && { from: placeOf(from, rooms, here), to: placeOf(to, rooms, here) };
      return [{ id, at, change, cafeId, title, ...moved }];
    });
  }
}

/** Returns the room and the times of a news entry. Values that the change did not touch are the present ones. */
function placeOf(
  place: News['from'],
  rooms: Map<string, string>,
  here: { room: string; startsAt: string; endsAt: string },
): { room: string; startsAt: string; endsAt: string } {
  const { room, startsAt, endsAt } = place ?? {};
  return {
    room: (room !== undefined && rooms.get(room)) || here.room,
    startsAt: startsAt ?? here.startsAt,
    endsAt: endsAt ?? here.endsAt,
  };
}

/** An entry of the audit log as a change of the programme; undefined for one about another subject. */
function changeOf(
  { id, at, what, actorId, subject, before, after, reason }: RecordedEntry,
  names: Map<string, { name: string }>,
  undoable: boolean,
): ProgrammeChange | undefined {
  const { kind, label } = subject;
  if (kind !== 'event' && kind !== 'room' && kind !== 'cafe') return undefined;
  const name = actorId && names.get(actorId)?.name;
  return {
    ...{ id, at, what },
    ...(actorId && { actor: { id: actorId, ...(name && { name }) } }),
    subject: { kind, ...(subject.id && { id: subject.id }), label },
    fields: fieldChanges({ before, after }),
    ...(reason && { reason }),
    undoable,
  };
}
