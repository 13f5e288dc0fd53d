import { Injectable } from '@nestjs/common';
import type { Cafe, EventProgramme, EventSummary, Locale } from '#contract';
import {
  type CafeFacts,
  type EventFacts,
  localiseCafe,
  localiseEvent,
  Programme,
  type ProgrammeFacts,
} from '#programme';
import { type CafeSeatsState, CountReads } from '#seats';
import { PublicAnswer } from './public-answer.ts';
import { VersionedValue } from './versioned-value.ts';

/** The maximum number of events whose answers are cached. The event that was requested least recently is removed first. */
const EVENTS_MAX = 50;

/** The answers of the public calls of the programme, cached as bytes until the programme or the counts change (docs/adr/0019). */
@Injectable()
export class ProgrammeAnswers {
  readonly #programme: Programme;
  readonly #counts: CountReads;
  readonly #list: VersionedValue<EventList>;
  /** The key is an event id. The order is that of the last requests. */
  readonly #events = new Map<string, VersionedValue<EventAnswers | undefined>>();
  /** Event ids by the slugs and by the Cafés of these events. */
  readonly #eventOfSlug = new Map<string, string>();
  readonly #eventOfCafe = new Map<string, string>();

  constructor(programme: Programme, counts: CountReads) {
    this.#programme = programme;
    this.#counts = counts;
    this.#list = new VersionedValue({
      version: async () => [await programme.version()],
      build: async () => new EventList(await programme.events()),
    });
  }

  /** A commit of this process changed these Cafés, so later answers must show the change. */
  changed(cafeIds: readonly string[]): void {
    for (const cafeId of cafeIds) this.#events.get(this.#eventOfCafe.get(cafeId) ?? '')?.expire();
  }

  /** A commit of this process changed an event, so later answers must show the change. */
  eventChanged(eventId: string): void {
    this.#events.get(eventId)?.expire();
  }

  /** `GET /events` */
  async events(locale: Locale): Promise<PublicAnswer<EventSummary[]>> {
    return (await this.#list.read()).answer(locale);
  }

  /** `GET /events/{slug}`; undefined for an unknown event. */
  async event(slug: string, locale: Locale): Promise<PublicAnswer<EventProgramme> | undefined> {
    const knownId = this.#eventOfSlug.get(slug);
    const known = knownId === undefined ? undefined : await this.#event(knownId).read();
    if (known?.slug === slug) return known.event(locale);
    const found = await this.#programme.event({ slug });
    return found && (await this.#event(found.id).read())?.event(locale);
  }

  /** `GET /cafes/{id}`; undefined for an unknown Café or a draft. */
  async cafe(cafeId: string, locale: Locale): Promise<PublicAnswer<Cafe> | undefined> {
    const eventId = this.#eventOfCafe.get(cafeId) ?? (await this.#programme.cafe(cafeId))?.eventId;
    return eventId === undefined ? undefined : (await this.#event(eventId).read())?.cafe(cafeId, locale);
  }

  #event(eventId: string): VersionedValue<EventAnswers | undefined> {
    const event = this.#events.get(eventId) ?? this.#open(eventId);
    this.#events.delete(eventId);
    this.#events.set(eventId, event);
    const [oldest] = this.#events.keys();
    if (this.#events.size > EVENTS_MAX && oldest !== undefined) this.#forget(oldest);
    return event;
  }

  #forget(eventId: string): void {
    this.#events.delete(eventId);
    for (const index of [this.#eventOfSlug, this.#eventOfCafe]) {
      for (const [key, id] of index) if (id === eventId) index.delete(key);
    }
  }

  #open(eventId: string): VersionedValue<EventAnswers | undefined> {
    return new VersionedValue({
      version: () => Promise.all([this.#programme.version(eventId), this.#counts.versionOfEvent(eventId)]),
      build: async ([factsVersion], before) => {
        // Texts change rarely; counts change with each seat.
        const facts =
          before?.version[0] === factsVersion ? before?.value?.facts : await this.#programme.programmeOf(eventId);
        if (!facts || facts.event.state === 'draft') return undefined;
        this.#eventOfSlug.set(facts.event.slug, eventId);
        for (const { id } of facts.cafes) this.#eventOfCafe.set(id, eventId);
        return new EventAnswers(facts, await this.#counts.seatsOfEvent(eventId));
      },
    });
  }
}

/** The list of events, serialised once for each locale. */
class EventList {
  readonly #events: EventFacts[];
  readonly #answers = new Map<Locale, PublicAnswer<EventSummary[]>>();

  constructor(events: EventFacts[]) {
    this.#events = events;
  }

  answer(locale: Locale): PublicAnswer<EventSummary[]> {
    return getOrCreate(
      this.#answers,
      locale,
      () => new PublicAnswer(this.#events.map((event) => localiseEvent(event, locale))),
    );
  }
}

/** The answers of one event at one version, each made at its first request. */
class EventAnswers {
  readonly facts: ProgrammeFacts;
  /** The counts of all Cafés that are not drafts. */
  readonly #counts: Map<string, CafeSeatsState>;
  readonly #events = new Map<Locale, PublicAnswer<EventProgramme>>();
  readonly #cafes = new Map<string, PublicAnswer<Cafe>>();

  constructor(facts: ProgrammeFacts, counts: CafeSeatsState[]) {
    this.facts = facts;
    this.#counts = new Map(counts.filter(({ state }) => state !== 'draft').map((each) => [each.cafeId, each]));
  }

  get slug(): string {
    return this.facts.event.slug;
  }

  event(locale: Locale): PublicAnswer<EventProgramme> {
    return getOrCreate(this.#events, locale, () => {
      const { event, rooms, cafes } = this.facts;
      const programme: EventProgramme = {
        ...localiseEvent(event, locale),
        rooms: rooms.map(({ id, name, capacity }) => ({ id, name, capacity })),
        cafes: cafes.flatMap((facts) => this.#cafe(facts, locale) ?? []),
      };
      return new PublicAnswer(programme);
    });
  }

  cafe(cafeId: string, locale: Locale): PublicAnswer<Cafe> | undefined {
    const facts = this.facts.cafes.find(({ id }) => id === cafeId);
    const cafe = facts && this.#cafe(facts, locale);
    return cafe && getOrCreate(this.#cafes, `${cafeId} ${locale}`, () => new PublicAnswer(cafe));
  }

  #cafe(facts: CafeFacts, locale: Locale): Cafe | undefined {
    const counts = this.#counts.get(facts.id);
    return counts && localiseCafe(facts, locale, counts);
  }
}

function getOrCreate<Key, Value>(values: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  return made;
}
