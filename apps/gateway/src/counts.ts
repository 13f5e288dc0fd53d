import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RoomSeats, SeatFeedMessage } from '#contract';
import { SeatCounts } from '#live';
import type { CafeVersion } from '#seats';
import { PARTS, type Parts } from './parts.ts';

/** How often the versions in memory are held against Postgres, in milliseconds: what the feed lost is right again by then. */
const HEAL_EVERY_MS = 1_000;

/** What changed: the rooms whose counts are new, the Cafés, and the registrations with the people they belong to. */
export interface Change {
  roomIds: string[];
  eventIds: string[];
  cafeIds: string[];
  registrations: SeatFeedMessage['registrations'];
  /** Events of which these Cafés are new or gone, or have another time, room, state or waitlist. */
  programmes: { eventId: string; cafeIds: string[] }[];
  /** Cafés of which the feed lost something, or may have, with the version up to which everything was told. */
  missed: { cafeId: string; version: number }[];
}

/** The newest counts of every Café: from the feed at once, and from Postgres where the feed lost something. */
@Injectable()
export class Counts implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: Parts;
  #counts = new SeatCounts();
  #eventOf = new Map<string, string>();
  #roomsOf = new Map<string, string[]>();
  /** Each Café's event, and what people are shown of it (of a draft nothing), at the last look. */
  #known = new Map<string, { eventId: string; facts: string | undefined }>();
  /** By event: when something else than counts changed, or was first looked at; in milliseconds of this process. */
  #changedAt = new Map<string, number>();
  #listeners: ((change: Change) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #healing: Promise<void> = Promise.resolve();
  #nextHealing: Promise<void> | undefined;
  #stopped = false;
  #away = false;
  #loaded = false;
  /** The versions in the database at the last two looks. What led to the earlier ones is told by now, by the feed or by the look after. */
  #lookedAt = { last: new Map<string, number>(), before: new Map<string, number>() };
  /**
   * Where the feed was away, until a look at the database after it: the versions up to which everything was told. A newer message of
   * the same Café raises the version that is known here, and would hide what was lost before it.
   */
  #gap: { toldUpTo: Map<string, number>; over: boolean } | undefined;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#parts.feed.subscribe({
      onMessage: (message) => this.#take(message),
      onGap: () => {
        this.#gap = { toldUpTo: this.#gap?.toldUpTo ?? this.#lookedAt.before, over: false };
      },
      onBack: () => {
        if (this.#gap) this.#gap.over = true;
        void this.#heal();
      },
    });
    await this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#healing;
  }

  /** Whether the database was ever reached: before that, nothing can be said of what exists. */
  get loaded(): boolean {
    return this.#loaded;
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  room(roomId: string): RoomSeats | undefined {
    return this.#counts.room(roomId);
  }

  /** The rooms of an event in their order; undefined for an event that is not known. */
  roomsOf(eventId: string): RoomSeats[] | undefined {
    return this.#roomsOf.get(eventId)?.flatMap((roomId) => this.#counts.room(roomId) ?? []);
  }

  /** How long ago something else than counts changed in an event. A process that has just begun does not know of more than its own time. */
  programmeChangedMsAgo(eventId: string): number {
    return Math.round(performance.now() - (this.#changedAt.get(eventId) ?? 0));
  }

  eventOf(roomId: string): string | undefined {
    return this.#eventOf.get(roomId);
  }

  #take({ seats, registrations }: SeatFeedMessage): void {
    const changed = seats.filter((counts) => this.#counts.take(counts)).map(({ cafeId }) => cafeId);
    this.#tell(changed, { registrations });
    // A Café that stands in no room here is a draft, or was one, or is new.
    if (changed.some((cafeId) => !this.#counts.roomOf(cafeId))) this.#heal();
  }

  #tell(
    cafeIds: string[],
    { registrations = [], missed = [], programmes = [], roomIds: placed = [] }: Partial<Change>,
  ): void {
    if (![cafeIds, registrations, missed, programmes, placed].some(({ length }) => length > 0)) return;
    const roomIds = [...new Set([...placed, ...cafeIds.flatMap((cafeId) => this.#counts.roomOf(cafeId) ?? [])])];
    const eventIds = [
      ...new Set([
        ...roomIds.flatMap((roomId) => this.#eventOf.get(roomId) ?? []),
        // Drafts stand in no room, and organisers see them.
        ...cafeIds.flatMap((cafeId) => this.#known.get(cafeId)?.eventId ?? []),
      ]),
    ];
    for (const listener of this.#listeners) listener({ roomIds, eventIds, cafeIds, registrations, programmes, missed });
  }

  async #run(): Promise<void> {
    await this.#heal();
    if (!this.#stopped) this.#timer = setTimeout(() => this.#run(), HEAL_EVERY_MS);
  }

  /** Never rejects; one at a time, and one that waits is enough for all who ask meanwhile. */
  #heal(): Promise<void> {
    this.#nextHealing ??= this.#healing.then(async () => {
      this.#nextHealing = undefined;
      try {
        await this.#compare();
        this.#loaded = true;
        if (this.#away) this.#parts.logger.info({}, 'counts are held against the database again');
        this.#away = false;
      } catch (error) {
        if (!this.#away) {
          this.#parts.logger.warn({ fault: (error as Error).message }, 'counts cannot be held against the database');
        }
        this.#away = true;
      }
    });
    this.#healing = this.#nextHealing;
    return this.#healing;
  }

  async #compare(): Promise<void> {
    const { seats } = this.#parts;
    const gap = this.#gap;
    const over = gap?.over;
    const told = (cafeId: string) => (gap ? (gap.toldUpTo.get(cafeId) ?? -1) : this.#counts.versionOf(cafeId));
    const known = this.#counts.versions();
    const cafes = await seats.versions();
    const missed = cafes
      .map(({ cafeId }) => ({ cafeId, version: told(cafeId) }))
      .filter(({ version }, place) => version < (cafes[place]?.version ?? 0));
    // Known before the database was asked, and higher than what it has: no commit led to that. (A message that was corrupted, or a
    // database that was restored.) It would hide every later change.
    const untrue = new Set(
      cafes.flatMap(({ cafeId, version }) => ((known.get(cafeId) ?? -1) > version ? [cafeId] : [])),
    );
    const asked = [...new Set([...missed.map(({ cafeId }) => cafeId), ...untrue])];
    const fresh = asked.length > 0 ? await seats.countsOf(asked) : [];
    const roomIds = cafes.some((cafe) => this.#misplaced(cafe)) ? await this.#place(cafes) : [];
    // From here on nothing can fail: what is taken is told.
    const changed = fresh
      .filter((counts) => {
        if (!untrue.has(counts.cafeId)) return this.#counts.take(counts);
        this.#counts.replace(counts);
        return true;
      })
      .map(({ cafeId }) => cafeId);
    if (untrue.size > 0) this.#parts.logger.warn({ cafes: untrue.size }, 'counts were ahead of the database; replaced');
    this.#tell(changed, { missed, roomIds, programmes: this.#otherProgrammes(cafes) });
    this.#lookedAt = {
      last: new Map(cafes.map(({ cafeId, version }) => [cafeId, version])),
      before: this.#lookedAt.last,
    };
    if (gap) gap.toldUpTo = this.#lookedAt.last;
    // One that began meanwhile is looked at by itself.
    if (over && this.#gap === gap) this.#gap = undefined;
  }

  #misplaced({ cafeId, roomId, draft }: CafeVersion): boolean {
    return this.#counts.roomOf(cafeId) !== (draft ? undefined : roomId) || !this.#eventOf.has(roomId);
  }

  /** The Cafés of which something else than counts changed since the look before, by event. */
  #otherProgrammes(cafes: CafeVersion[]): Change['programmes'] {
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

  /** Say again which Cafés stand in which rooms. Returns the rooms where that is new. */
  async #place(cafes: CafeVersion[]): Promise<string[]> {
    const standsIn = new Map(cafes.flatMap(({ cafeId, roomId, draft }) => (draft ? [] : [[cafeId, roomId]])));
    const rooms = await this.#parts.programme.cafesByRoom();
    this.#roomsOf = new Map();
    return rooms.flatMap(({ roomId, eventId, cafeIds }) => {
      this.#eventOf.set(roomId, eventId);
      this.#roomsOf.set(eventId, [...(this.#roomsOf.get(eventId) ?? []), roomId]);
      const placed = cafeIds.filter((cafeId) => standsIn.get(cafeId) === roomId);
      return this.#counts.place(roomId, placed) ? [roomId] : [];
    });
  }
}
