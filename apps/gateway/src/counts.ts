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
  #drafts = new Set<string>();
  #listeners: ((change: Change) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #healing: Promise<void> = Promise.resolve();
  #stopped = false;
  #away = false;
  #loaded = false;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#parts.feed.subscribe(
      (message) => this.#take(message),
      () => this.#heal(),
    );
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
    // A Café that stands in no room here is new, or no longer a draft.
    if (changed.some((cafeId) => !this.#counts.roomOf(cafeId))) this.#heal();
  }

  #tell(cafeIds: string[], { registrations = [], missed = [] }: Partial<Change> = {}): void {
    if (cafeIds.length + registrations.length + missed.length === 0) return;
    const roomIds = [...new Set(cafeIds.flatMap((cafeId) => this.#counts.roomOf(cafeId) ?? []))];
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
    const stale = (await seats.versions())
      .filter(({ cafeId, version }) => version > this.#counts.versionOf(cafeId))
      .map(({ cafeId }) => cafeId);
    if (stale.length === 0 && this.#roomsOf.size > 0) return;
    const missed = stale.map((cafeId) => ({ cafeId, version: this.#counts.versionOf(cafeId) }));
    const fresh = await seats.cafeSeats(stale);
    const moved = fresh.some(
      ({ cafeId, state }) => (state === 'draft') !== this.#drafts.has(cafeId) || !this.#known(cafeId),
    );
    if (moved || this.#roomsOf.size === 0) await this.#place();
    const changed = fresh.filter((counts) => this.#counts.take(counts)).map(({ cafeId }) => cafeId);
    this.#tell(changed, { missed });
  }

  #known(cafeId: string): boolean {
    return this.#drafts.has(cafeId) || this.#counts.roomOf(cafeId) !== undefined;
  }

  /** Read again which Cafés stand in which rooms; drafts stand in none. */
  async #place(): Promise<void> {
    const { programme, seats } = this.#parts;
    const [rooms, cafes] = await Promise.all([programme.cafesByRoom(), seats.seatsOfEvent()]);
    this.#drafts = new Set(cafes.filter(({ state }) => state === 'draft').map(({ cafeId }) => cafeId));
    this.#roomsOf = new Map();
    for (const { roomId, eventId, cafeIds } of rooms) {
      this.#eventOf.set(roomId, eventId);
      this.#roomsOf.set(eventId, [...(this.#roomsOf.get(eventId) ?? []), roomId]);
      this.#counts.place(
        roomId,
        cafeIds.filter((cafeId) => !this.#drafts.has(cafeId)),
      );
    }
    this.#tell(cafes.filter((counts) => this.#counts.take(counts)).map(({ cafeId }) => cafeId));
  }
}
