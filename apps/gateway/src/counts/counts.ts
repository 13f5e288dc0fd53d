import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RoomSeats, SeatFeedMessage } from '#contract';
import { SeatCounts, SeatFeed } from '#live';
import { AppLogger } from '#platform';
import { Programme } from '#programme';
import { type CafeVersion, SeatReads } from '#seats';

/** How often the counts in memory are compared with the versions in Postgres, in milliseconds. A message that the feed lost is healed by then. */
const COMPARE_EVERY_MS = 1_000;

/** What changed: the rooms, events and Cafés that have new counts, and the registrations with their attendees. */
export interface Change {
  roomIds: string[];
  eventIds: string[];
  cafeIds: string[];
  registrations: SeatFeedMessage['registrations'];
  /** The Cafés that are new or gone, or whose time, room, state or waitlist changed, by event. */
  programmes: { eventId: string; cafeIds: string[] }[];
  /** The Cafés of which the feed lost messages, or may have, each with the version up to which every change was announced. */
  missed: { cafeId: string; version: number }[];
}

/** What is known of a Café besides its counts. */
interface KnownCafe {
  eventId: string;
  /** What attendees see of it besides the counts; undefined for a draft. */
  facts: string | undefined;
}

/** The newest counts of every Café: from the seat feed at once, and from Postgres where the feed lost a message. */
@Injectable()
export class Counts implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #seats: SeatReads;
  readonly #programme: Programme;
  readonly #feed: SeatFeed;
  readonly #logger: AppLogger;
  readonly #counts = new SeatCounts();
  readonly #eventOf = new Map<string, string>();
  #roomsOf = new Map<string, string[]>();
  /** Each Café at the last comparison. */
  #known = new Map<string, KnownCafe>();
  /** When something else than counts last changed in an event, or its first comparison, by the clock of this process in milliseconds. */
  readonly #changedAt = new Map<string, number>();
  readonly #listeners: ((change: Change) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #comparing: Promise<void> = Promise.resolve();
  #nextComparison: Promise<void> | undefined;
  #stopped = false;
  #failing = false;
  #loaded = false;
  /** The versions in the database at the last two comparisons. Changes up to the earlier ones are announced by now: by the feed, or by the later comparison. */
  #compared = { last: new Map<string, number>(), before: new Map<string, number>() };
  /**
   * Set while the feed is away, until a comparison after it is back: the versions up to which every change was announced. Without it, a
   * newer message of the same Café would raise the known version and hide the messages that were lost before it.
   */
  #gap: { announcedUpTo: Map<string, number>; over: boolean } | undefined;

  constructor(seats: SeatReads, programme: Programme, feed: SeatFeed, logger: AppLogger) {
    this.#seats = seats;
    this.#programme = programme;
    this.#feed = feed;
    this.#logger = logger;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#feed.subscribe({
      onMessage: (message) => this.#take(message),
      onGap: () => {
        this.#gap = { announcedUpTo: this.#gap?.announcedUpTo ?? this.#compared.before, over: false };
      },
      onBack: () => {
        if (this.#gap) this.#gap.over = true;
        void this.#compareSoon();
      },
    });
    await this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#comparing;
  }

  /** Whether the database was reached once. Before that, an unknown id may exist. */
  get loaded(): boolean {
    return this.#loaded;
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  /** Undefined for a room that is not known. */
  room(roomId: string): RoomSeats | undefined {
    return this.#counts.room(roomId);
  }

  /** The rooms of an event in their order; undefined for an event that is not known. */
  roomsOf(eventId: string): RoomSeats[] | undefined {
    return this.#roomsOf.get(eventId)?.flatMap((roomId) => this.#counts.room(roomId) ?? []);
  }

  /** How long ago something else than counts changed in an event, in milliseconds; at most the time since this process first saw the event. */
  programmeChangedMsAgo(eventId: string): number {
    return Math.round(performance.now() - (this.#changedAt.get(eventId) ?? 0));
  }

  eventOf(roomId: string): string | undefined {
    return this.#eventOf.get(roomId);
  }

  #take({ seats, registrations }: SeatFeedMessage): void {
    const changed = seats.filter((counts) => this.#counts.take(counts)).map(({ cafeId }) => cafeId);
    this.#announce(changed, { registrations });
    // A Café without a room is a draft, was a draft, or is new: compare now, to find its room.
    if (changed.some((cafeId) => !this.#counts.roomOf(cafeId))) void this.#compareSoon();
  }

  #announce(
    cafeIds: string[],
    { registrations = [], missed = [], programmes = [], roomIds: replaced = [] }: Partial<Change>,
  ): void {
    if (![cafeIds, registrations, missed, programmes, replaced].some(({ length }) => length > 0)) return;
    const roomIds = [...new Set([...replaced, ...cafeIds.flatMap((cafeId) => this.#counts.roomOf(cafeId) ?? [])])];
    const eventIds = [
      ...new Set([
        ...roomIds.flatMap((roomId) => this.#eventOf.get(roomId) ?? []),
        // Drafts have no room here, and dashboards show them.
        ...cafeIds.flatMap((cafeId) => this.#known.get(cafeId)?.eventId ?? []),
      ]),
    ];
    for (const listener of this.#listeners) listener({ roomIds, eventIds, cafeIds, registrations, programmes, missed });
  }

  async #run(): Promise<void> {
    await this.#compareSoon();
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#run(), COMPARE_EVERY_MS);
  }

  /** Compares after the comparison under way, once for all callers that wait for it. Never rejects. */
  #compareSoon(): Promise<void> {
    this.#nextComparison ??= this.#comparing.then(async () => {
      this.#nextComparison = undefined;
      try {
        await this.#compare();
        this.#loaded = true;
        if (this.#failing) this.#logger.info({}, 'counts are compared with the database again');
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) {
          this.#logger.warn({ error: (error as Error).message }, 'counts cannot be compared with the database');
        }
        this.#failing = true;
      }
    });
    this.#comparing = this.#nextComparison;
    return this.#comparing;
  }

  /** Reads the versions of all Cafés, and the counts of those whose version differs from the one in memory; announces what is new. */
  async #compare(): Promise<void> {
    const gap = this.#gap;
    const over = gap?.over;
    const announced = (cafeId: string) =>
      gap ? (gap.announcedUpTo.get(cafeId) ?? -1) : this.#counts.versionOf(cafeId);
    const known = this.#counts.versions();
    const cafes = await this.#seats.versions();
    const missed = cafes.flatMap(({ cafeId, version: committed }) => {
      const version = announced(cafeId);
      return version < committed ? [{ cafeId, version }] : [];
    });
    // Known before the database was read, and higher than its version: no commit made it (a corrupted message, or a restored database).
    // It would hide every later change.
    const untrue = new Set(
      cafes.flatMap(({ cafeId, version }) => ((known.get(cafeId) ?? -1) > version ? [cafeId] : [])),
    );
    const differing = [...new Set([...missed.map(({ cafeId }) => cafeId), ...untrue])];
    const fresh = differing.length > 0 ? await this.#seats.countsOf(differing) : [];
    const roomIds = cafes.some((cafe) => this.#isMisplaced(cafe)) ? await this.#place(cafes) : [];
    // No error is possible from here on, so each change that is stored is announced.
    const changed = fresh
      .filter((counts) => {
        if (!untrue.has(counts.cafeId)) return this.#counts.take(counts);
        this.#counts.replace(counts);
        return true;
      })
      .map(({ cafeId }) => cafeId);
    if (untrue.size > 0) this.#logger.warn({ cafes: untrue.size }, 'counts were ahead of the database; replaced');
    this.#announce(changed, { missed, roomIds, programmes: this.#changedProgrammes(cafes) });
    this.#compared = {
      last: new Map(cafes.map(({ cafeId, version }) => [cafeId, version])),
      before: this.#compared.last,
    };
    if (gap) gap.announcedUpTo = this.#compared.last;
    // A gap that began meanwhile ends with a later comparison.
    if (over && this.#gap === gap) this.#gap = undefined;
  }

  #isMisplaced({ cafeId, roomId, draft }: CafeVersion): boolean {
    return this.#counts.roomOf(cafeId) !== (draft ? undefined : roomId) || !this.#eventOf.has(roomId);
  }

  /** The Cafés of which something else than counts changed since the last comparison, by event. */
  #changedProgrammes(cafes: CafeVersion[]): Change['programmes'] {
    const before = this.#known;
    this.#known = new Map(
      cafes.map(({ cafeId, roomId, draft, facts }) => [
        cafeId,
        { eventId: this.#eventOf.get(roomId) ?? '', facts: draft ? undefined : facts },
      ]),
    );
    const changed = new Map<string, Set<string>>();
    for (const [cafeId, { eventId }] of [...before, ...this.#known]) {
      if (before.get(cafeId)?.facts === this.#known.get(cafeId)?.facts) continue;
      changed.set(eventId, (changed.get(eventId) ?? new Set()).add(cafeId));
    }
    for (const eventId of changed.keys()) this.#changedAt.set(eventId, performance.now());
    return [...changed].map(([eventId, cafeIds]) => ({ eventId, cafeIds: [...cafeIds] }));
  }

  /** Reads which Cafés are in which rooms. Returns the rooms that have other Cafés than before. */
  async #place(cafes: CafeVersion[]): Promise<string[]> {
    const roomOf = new Map(cafes.flatMap(({ cafeId, roomId, draft }) => (draft ? [] : [[cafeId, roomId]])));
    const rooms = await this.#programme.cafesByRoom();
    this.#roomsOf = new Map();
    return rooms.flatMap(({ roomId, eventId, cafeIds }) => {
      this.#eventOf.set(roomId, eventId);
      this.#roomsOf.set(eventId, [...(this.#roomsOf.get(eventId) ?? []), roomId]);
      const shown = cafeIds.filter((cafeId) => roomOf.get(cafeId) === roomId);
      return this.#counts.place(roomId, shown) ? [roomId] : [];
    });
  }
}
