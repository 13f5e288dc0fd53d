import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RoomSeats, SeatFeedMessage } from '#contract';
import { SeatCounts, SeatFeed } from '#live';
import { AppLogger } from '#platform';
import { Programme } from '#programme';
import { type CafeVersion, CountReads } from '#seats';

/**
 * How often the counts in memory are compared with the versions in Postgres, in milliseconds. A comparison replaces a message that the feed
 * lost.
 */
const COMPARE_EVERY_MS = 1_000;
/** How often the Cafés of events that ended more than a day ago are also compared, in milliseconds. */
const COMPARE_ALL_EVERY_MS = 60_000;

/** The rooms, events and Cafés with new counts, and the changed registrations with their attendees. */
export interface Change {
  roomIds: string[];
  eventIds: string[];
  cafeIds: string[];
  registrations: SeatFeedMessage['registrations'];
  /** The Cafés that are new or deleted, or whose time, room, state or waitlist changed, by event. */
  programmes: { eventId: string; cafeIds: string[] }[];
  /** The Cafés whose messages the feed lost or may have lost, each with the version up to which all changes were announced. */
  missed: { cafeId: string; version: number }[];
}

/** The version that the last comparison of a Café found, and the version of the comparison before it (-1 for the first). */
interface KnownCafe extends CafeVersion {
  versionBefore: number;
}

/** The newest counts of each Café: from the seat feed immediately, and from Postgres if the feed lost a message. */
@Injectable()
export class Counts implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #reads: CountReads;
  readonly #programme: Programme;
  readonly #feed: SeatFeed;
  readonly #logger: AppLogger;
  readonly #counts = new SeatCounts();
  readonly #eventOf = new Map<string, string>();
  #roomsOf = new Map<string, string[]>();
  /** The rooms of draft events: nobody watches them. */
  #hiddenRooms = new Set<string>();
  /**
   * The last comparison of each Café. Changes up to `versionBefore` have been announced: by the feed, or by the comparison that found
   * `version`.
   */
  readonly #known = new Map<string, KnownCafe>();
  /** When all Cafés were last compared, by the clock of this process in milliseconds. */
  #comparedAllAt = Number.NEGATIVE_INFINITY;
  /** When something other than counts last changed in an event, or its first comparison, by the clock of this process in milliseconds. */
  readonly #changedAt = new Map<string, number>();
  readonly #listeners: ((change: Change) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #comparing: Promise<void> = Promise.resolve();
  #nextComparison: Promise<void> | undefined;
  #stopped = false;
  #failing = false;
  #loaded = false;
  /**
   * Set while the feed is unavailable, until a comparison after it is back: the versions up to which all changes were announced. Without
   * it, a newer message of the same Café would raise the known version and hide the messages that were lost before it.
   */
  #gap: { announcedUpTo: Map<string, number>; ended: boolean } | undefined;

  constructor(reads: CountReads, programme: Programme, feed: SeatFeed, logger: AppLogger) {
    this.#reads = reads;
    this.#programme = programme;
    this.#feed = feed;
    this.#logger = logger;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#feed.subscribe({
      onMessage: (message) => this.#take(message),
      onGap: () => {
        const before = [...this.#known].map(([cafeId, { versionBefore }]) => [cafeId, versionBefore] as const);
        this.#gap = { announcedUpTo: new Map(this.#gap?.announcedUpTo ?? before), ended: false };
      },
      onBack: () => {
        if (this.#gap) this.#gap.ended = true;
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

  /** Returns undefined for an unknown room, and for a room of a draft event. */
  room(roomId: string): RoomSeats | undefined {
    return this.#hiddenRooms.has(roomId) ? undefined : this.#counts.room(roomId);
  }

  /** Returns the rooms of an event in their order; undefined for an unknown event, and for a draft. */
  roomsOf(eventId: string): RoomSeats[] | undefined {
    return this.#roomsOf.get(eventId)?.flatMap((roomId) => this.#counts.room(roomId) ?? []);
  }

  /**
   * Returns how long ago something other than counts changed in an event, in milliseconds; at most the time since this process first saw
   * the event.
   */
  programmeChangedMsAgo(eventId: string): number {
    return Math.round(performance.now() - (this.#changedAt.get(eventId) ?? 0));
  }

  eventOf(roomId: string): string | undefined {
    return this.#eventOf.get(roomId);
  }

  #take({ seats, registrations }: SeatFeedMessage): void {
    const changed = seats.filter((counts) => this.#counts.take(counts)).map(({ cafeId }) => cafeId);
    this.#announce(changed, { registrations });
    // A Café without a room is a draft, was a draft, or is new: compare now to find its room.
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
        // Drafts have no room in these counts, and dashboards show them.
        ...cafeIds.flatMap((cafeId) => this.#eventOf.get(this.#known.get(cafeId)?.roomId ?? '') ?? []),
      ]),
    ];
    for (const listener of this.#listeners) listener({ roomIds, eventIds, cafeIds, registrations, programmes, missed });
  }

  async #run(): Promise<void> {
    await this.#compareSoon();
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#run(), COMPARE_EVERY_MS);
  }

  /** Compares after the current comparison has ended, once for all callers that wait. Never rejects. */
  #compareSoon(): Promise<void> {
    this.#nextComparison ??= this.#comparing.then(async () => {
      this.#nextComparison = undefined;
      try {
        await this.#compare();
        this.#loaded = true;
        if (this.#failing) this.#logger.info({}, 'the comparison of counts with the database succeeds again');
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) {
          this.#logger.warn({ error: (error as Error).message }, 'the comparison of counts with the database failed');
        }
        this.#failing = true;
      }
    });
    this.#comparing = this.#nextComparison;
    return this.#comparing;
  }

  /** Reads the versions of Cafés, and the counts of those whose version differs from the one in memory. Announces new counts. */
  async #compare(): Promise<void> {
    const gap = this.#gap;
    const gapEnded = gap?.ended ?? false;
    const announced = (cafeId: string) =>
      gap ? (gap.announcedUpTo.get(cafeId) ?? -1) : this.#counts.versionOf(cafeId);
    const known = this.#counts.versions();
    const { cafes, all } = await this.#readVersions(gapEnded);
    const missed = cafes.flatMap(({ cafeId, version: committed }) => {
      const version = announced(cafeId);
      return version < committed ? [{ cafeId, version }] : [];
    });
    // The version in memory was known before the database was read, and is higher, so no commit made it (a corrupted message, or a restored
    // database). It would hide all later changes.
    const ahead = new Set(
      cafes.flatMap(({ cafeId, version }) => ((known.get(cafeId) ?? -1) > version ? [cafeId] : [])),
    );
    const differing = [...new Set([...missed.map(({ cafeId }) => cafeId), ...ahead])];
    const fresh = differing.length > 0 ? await this.#reads.countsOf(differing) : [];
    const roomIds = cafes.some((cafe) => this.#isMisplaced(cafe)) ? await this.#place(cafes, all) : [];
    // No error is possible after this line, so each change that is stored is announced.
    const changed = fresh
      .filter((counts) => {
        if (!ahead.has(counts.cafeId)) return this.#counts.take(counts);
        this.#counts.replace(counts);
        return true;
      })
      .map(({ cafeId }) => cafeId);
    if (ahead.size > 0) this.#logger.warn({ cafes: ahead.size }, 'counts were ahead of the database; replaced');
    this.#announce(changed, { missed, roomIds, programmes: this.#know(cafes, all) });
    if (gap) for (const { cafeId, version } of cafes) gap.announcedUpTo.set(cafeId, version);
    // A gap that began during this comparison ends with a later one.
    if (gapEnded && this.#gap === gap) this.#gap = undefined;
  }

  /**
   * Reads the versions of the current Cafés. It reads those of all Cafés at the start, after a gap, when a current Café is missing, and
   * once a minute. (A Café is missing if it was deleted, or if its event ended more than a day ago.)
   */
  async #readVersions(afterGap: boolean): Promise<{ cafes: CafeVersion[]; all: boolean }> {
    const now = performance.now();
    if (!afterGap && now - this.#comparedAllAt < COMPARE_ALL_EVERY_MS) {
      const cafes = await this.#reads.versions('current');
      const found = new Set(cafes.map(({ cafeId }) => cafeId));
      const isGone = [...this.#known.values()].some(({ cafeId, current }) => current && !found.has(cafeId));
      if (!isGone) return { cafes, all: false };
    }
    const cafes = await this.#reads.versions('all');
    this.#comparedAllAt = now;
    return { cafes, all: true };
  }

  #isMisplaced({ cafeId, roomId, draft, eventDraft }: CafeVersion): boolean {
    return (
      this.#counts.roomOf(cafeId) !== (draft ? undefined : roomId) ||
      !this.#eventOf.has(roomId) ||
      this.#hiddenRooms.has(roomId) !== eventDraft
    );
  }

  /**
   * Stores the result of a comparison.
   * @param all whether the result contains all Cafés, so that the others are deleted
   * @returns the Cafés in which something other than counts changed since the last comparison, by event
   */
  #know(cafes: CafeVersion[], all: boolean): Change['programmes'] {
    const changed = new Map<string, string[]>();
    const add = ({ cafeId, roomId }: CafeVersion) => {
      const eventId = this.#eventOf.get(roomId) ?? '';
      changed.set(eventId, [...(changed.get(eventId) ?? []), cafeId]);
    };
    const shown = (cafe: CafeVersion | undefined) => (cafe && !cafe.draft ? cafe.facts : undefined);
    if (all) {
      const found = new Set(cafes.map(({ cafeId }) => cafeId));
      for (const [cafeId, before] of this.#known) {
        if (found.has(cafeId)) continue;
        if (shown(before) !== undefined) add(before);
        this.#known.delete(cafeId);
      }
    }
    for (const cafe of cafes) {
      const before = this.#known.get(cafe.cafeId);
      if (shown(before) !== shown(cafe)) add(cafe);
      this.#known.set(cafe.cafeId, { ...cafe, versionBefore: before?.version ?? -1 });
    }
    for (const eventId of changed.keys()) this.#changedAt.set(eventId, performance.now());
    return [...changed].map(([eventId, cafeIds]) => ({ eventId, cafeIds }));
  }

  /**
   * Reads the Cafés of each room.
   * @returns the rooms whose Cafés changed
   */
  async #place(cafes: CafeVersion[], all: boolean): Promise<string[]> {
    const found = new Map(cafes.map((cafe) => [cafe.cafeId, cafe]));
    const isShownIn = (cafeId: string, roomId: string) => {
      const cafe = found.get(cafeId) ?? (all ? undefined : this.#known.get(cafeId));
      return cafe !== undefined && !cafe.draft && cafe.roomId === roomId;
    };
    const rooms = await this.#programme.cafesByRoom();
    this.#roomsOf = new Map();
    this.#hiddenRooms = new Set(rooms.flatMap(({ roomId, draft }) => (draft ? [roomId] : [])));
    return rooms.flatMap(({ roomId, eventId, draft, cafeIds }) => {
      this.#eventOf.set(roomId, eventId);
      if (!draft) this.#roomsOf.set(eventId, [...(this.#roomsOf.get(eventId) ?? []), roomId]);
      const shown = cafeIds.filter((cafeId) => isShownIn(cafeId, roomId));
      return this.#counts.place(roomId, shown) ? [roomId] : [];
    });
  }
}
