import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RoomSeats, SeatFeedMessage } from '#contract';
import { SeatCounts } from '#live';
import { PARTS, type Parts } from './parts.ts';

/** How often the versions in memory are held against Postgres, in milliseconds: what the feed lost is right again by then. */
const HEAL_EVERY_MS = 1_000;

/** What changed: the rooms whose counts are new, the Cafés, and the registrations with the people they belong to. */
export interface Change {
  roomIds: string[];
  eventIds: string[];
  cafeIds: string[];
  registrations: SeatFeedMessage['registrations'];
  /** Cafés whose counts came from the database and not from the feed, with the version known before: what the feed lost. */
  missed: { cafeId: string; version: number }[];
}

/** The newest counts of every Café: from the feed at once, and from Postgres where the feed lost something. */
@Injectable()
export class Counts implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: Parts;
  #counts = new SeatCounts();
  #eventOf = new Map<string, string>();
  #roomsOf = new Map<string, string[]>();
  #listeners: ((change: Change) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #healing: Promise<void> = Promise.resolve();
  #stopped = false;
  #away = false;
  #loaded = false;
  /**
   * Where the feed was away, until the next look at the database after it: the versions up to which everything was told. A newer
   * message of the same Café raises its version, and would hide what was lost before it.
   */
  #gap: { toldUpTo: Map<string, number>; over: boolean } | undefined;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#parts.feed.subscribe({
      onMessage: (message) => this.#take(message),
      onGap: () => {
        this.#gap = { toldUpTo: new Map([...this.#counts.versions(), ...(this.#gap?.toldUpTo ?? [])]), over: false };
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

  eventOf(roomId: string): string | undefined {
    return this.#eventOf.get(roomId);
  }

  #take({ seats, registrations }: SeatFeedMessage): void {
    const changed = seats.filter((counts) => this.#counts.take(counts)).map(({ cafeId }) => cafeId);
    this.#tell(changed, { registrations });
    // A Café that stands in no room here is a draft, or was one, or is new.
    if (changed.some((cafeId) => !this.#counts.roomOf(cafeId))) this.#heal();
  }

  #tell(cafeIds: string[], { registrations = [], missed = [], roomIds: placed = [] }: Partial<Change>): void {
    if (cafeIds.length + registrations.length + missed.length + placed.length === 0) return;
    const roomIds = [...new Set([...placed, ...cafeIds.flatMap((cafeId) => this.#counts.roomOf(cafeId) ?? [])])];
    const eventIds = [...new Set(roomIds.flatMap((roomId) => this.#eventOf.get(roomId) ?? []))];
    for (const listener of this.#listeners) listener({ roomIds, eventIds, cafeIds, registrations, missed });
  }

  async #run(): Promise<void> {
    await this.#heal();
    if (!this.#stopped) this.#timer = setTimeout(() => this.#run(), HEAL_EVERY_MS);
  }

  /** Never rejects; one at a time. */
  #heal(): Promise<void> {
    this.#healing = this.#healing.then(async () => {
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
    return this.#healing;
  }

  async #compare(): Promise<void> {
    const { seats } = this.#parts;
    const gap = this.#gap;
    const healed = gap?.over ? gap : undefined;
    const told = (cafeId: string) => (gap ? (gap.toldUpTo.get(cafeId) ?? -1) : this.#counts.versionOf(cafeId));
    const cafes = await seats.versions();
    const stale = cafes.filter(({ cafeId, version }) => version > told(cafeId)).map(({ cafeId }) => cafeId);
    const missed = stale.map((cafeId) => ({ cafeId, version: told(cafeId) }));
    const misplaced = cafes.some(({ cafeId, roomId }) => this.#counts.roomOf(cafeId) !== roomId);
    const fresh = stale.length > 0 ? await seats.cafeSeats(stale) : [];
    const roomIds = misplaced || this.#roomsOf.size === 0 ? await this.#place(cafes) : [];
    const changed = fresh.filter((counts) => this.#counts.take(counts)).map(({ cafeId }) => cafeId);
    this.#tell(changed, { missed, roomIds });
    // One that began meanwhile is looked at by itself.
    if (this.#gap === healed) this.#gap = undefined;
  }

  /** Say again which Cafés stand in which rooms. Returns the rooms where that is new. */
  async #place(cafes: { cafeId: string; roomId: string | undefined }[]): Promise<string[]> {
    const standsIn = new Map(cafes.map(({ cafeId, roomId }) => [cafeId, roomId]));
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
