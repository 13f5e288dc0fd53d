import { PUSHES_PER_SECOND_MAX, type Registration, type ServerToClientEvents } from '#contract';
import { Coalescer } from '#live';
import type { Change, Counts } from './counts.ts';
import type { LiveNamespace } from './live-socket.ts';
import type { Parts } from './parts.ts';
import { Pushes } from './pushes.ts';
import { personRoom } from './rights.ts';
import type { Views } from './views.ts';

const INTERVAL_MS = 1_000 / PUSHES_PER_SECOND_MAX;
/**
 * What thousands watch is pushed less often, but often enough that a commit is on every screen within a quarter of a second
 * (docs/benchmarks.md). Where processors are short, seats come first, and screens are told half as often.
 */
const ROOMS = { intervalMs: INTERVAL_MS, intervalMaxMs: 180, intervalMaxStarvedMs: 360 };
/** Lists and figures are read from the database for each push: where that takes long they come once a second. */
const ATTENDANCE = { intervalMs: INTERVAL_MS, intervalMaxMs: 1_000 };
const DASHBOARDS = { intervalMs: INTERVAL_MS * 2, intervalMaxMs: 1_000 };
/** How often the organiser's mail figures are looked at while somebody watches, and what could not be read is read, in milliseconds. */
const LOOK_EVERY_MS = 500;
/** The most registrations that are read at once. */
const REGISTRATIONS_MAX = 500;

/** Tells everybody who watches what changed: which state, when, and to whom. */
export class Telling {
  readonly #parts: Parts;
  readonly #counts: Counts;
  readonly #views: Views;
  readonly #namespace: LiveNamespace;
  readonly #pushes: Pushes;
  readonly #rooms: Coalescer;
  readonly #attendance: Coalescer;
  readonly #dashboards: Coalescer;
  /** Registrations to tell of, with whose they are. */
  readonly #registrations = new Map<string, string>();
  /** Cafés that the feed lost something of, with the version up to which everything was told. */
  readonly #missed = new Map<string, number>();
  /** Rooms of socket.io whose state could not be read. */
  readonly #unread = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #reading = false;
  #mail = '';

  constructor(options: { parts: Parts; counts: Counts; views: Views; namespace: LiveNamespace }) {
    const { parts, counts, views, namespace } = options;
    this.#parts = parts;
    this.#counts = counts;
    this.#views = views;
    this.#namespace = namespace;
    this.#pushes = new Pushes(namespace, parts.metrics.registry);
    this.#rooms = new Coalescer(ROOMS, (roomId) => this.#tellRoom(roomId));
    this.#attendance = new Coalescer(ATTENDANCE, (cafeId) =>
      this.#tellRead(`attendance:${cafeId}`, 'cafe:attendance', () => this.#views.attendance(cafeId)),
    );
    this.#dashboards = new Coalescer(DASHBOARDS, (eventId) =>
      this.#tellRead(`dashboard:${eventId}`, 'dashboard', () => this.#views.dashboard(eventId)),
    );
    counts.onChange((change) => this.#changed(change));
    this.#timer = setInterval(() => {
      this.#lookAtMail();
      void this.#tellRegistrations();
    }, LOOK_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const coalescer of [this.#rooms, this.#attendance, this.#dashboards]) coalescer.close();
  }

  #changed({ roomIds, eventIds, cafeIds, registrations, missed }: Change): void {
    for (const roomId of roomIds) this.#rooms.changed(roomId);
    for (const cafeId of cafeIds) if (this.#pushes.watched(`attendance:${cafeId}`)) this.#attendance.changed(cafeId);
    for (const eventId of eventIds) if (this.#pushes.watched(`dashboard:${eventId}`)) this.#dashboards.changed(eventId);
    for (const [registrationId, attendeeId] of registrations) {
      if (this.#pushes.watched(personRoom(attendeeId))) this.#registrations.set(registrationId, attendeeId);
    }
    for (const { cafeId, version } of missed) this.#addMissed(cafeId, version);
    void this.#tellRegistrations();
  }

  #tellRoom(roomId: string): Promise<void> {
    const rooms = [`room:${roomId}`, `event:${this.#counts.eventOf(roomId)}`];
    return this.#pushes.push(rooms, `room:${roomId}`, 'room:seats', () => this.#counts.room(roomId));
  }

  /** Read a state whole and push it. @throws what the reading failed with: the coalescer tells it later. */
  async #tellRead<Event extends 'cafe:attendance' | 'dashboard'>(
    room: string,
    event: Event,
    read: () => Promise<Parameters<ServerToClientEvents[Event]>[0]>,
  ): Promise<void> {
    if (!this.#pushes.watched(room)) return;
    try {
      const state = await read();
      this.#unread.delete(room);
      await this.#pushes.push([room], room, event, () => state);
    } catch (error) {
      // Tried again each second: said once.
      if (!this.#unread.has(room)) this.#warn(error, `${event} could not be read; trying again`);
      this.#unread.add(room);
      throw error;
    }
  }

  /**
   * Each to every connection of its person; read whole, so that what is pushed is never older than the commit, and one
   * reading at a time, so that none is older than the one before. What could not be read waits for the next look.
   */
  async #tellRegistrations(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#missed.size + this.#registrations.size > 0) {
        await this.#lookUpMissed();
        for (const registration of await this.#someRegistrations()) {
          const room = personRoom(registration.attendeeId);
          await this.#pushes.push([room], `registration:${registration.id}`, 'registration', () => registration);
        }
      }
    } catch (error) {
      this.#warn(error, 'registrations could not be read; trying again');
    }
    this.#reading = false;
  }

  async #someRegistrations(): Promise<Registration[]> {
    const some = [...this.#registrations].slice(0, REGISTRATIONS_MAX);
    for (const [id] of some) this.#registrations.delete(id);
    try {
      return await this.#parts.seats.registrations(some.map(([id]) => id));
    } catch (error) {
      for (const [id, attendeeId] of some) this.#registrations.set(id, attendeeId);
      throw error;
    }
  }

  /** What the feed lost: whoever is connected here hears of it from the ledger. */
  async #lookUpMissed(): Promise<void> {
    const missed = [...this.#missed].map(([cafeId, version]) => ({ cafeId, version }));
    this.#missed.clear();
    const people = this.#idsOf('person:');
    if (missed.length === 0 || people.length === 0) return;
    try {
      const found = await this.#parts.seats.changedSince(missed, people);
      for (const { registrationId, attendeeId } of found) this.#registrations.set(registrationId, attendeeId);
    } catch (error) {
      for (const { cafeId, version } of missed) this.#addMissed(cafeId, version);
      throw error;
    }
  }

  #addMissed(cafeId: string, version: number): void {
    this.#missed.set(cafeId, Math.min(version, this.#missed.get(cafeId) ?? version));
  }

  #lookAtMail(): void {
    const eventIds = this.#idsOf('dashboard:');
    if (eventIds.length === 0) return;
    this.#parts.outbox.figures().then(
      (figures) => {
        const mail = JSON.stringify(figures);
        if (mail !== this.#mail) for (const eventId of eventIds) this.#dashboards.changed(eventId);
        this.#mail = mail;
      },
      () => {},
    );
  }

  #warn(error: unknown, message: string): void {
    this.#parts.logger.warn({ fault: (error as Error).message }, message);
  }

  /** What is watched, of the rooms of socket.io that begin so. */
  #idsOf(prefix: string): string[] {
    const rooms = [...this.#namespace.adapter.rooms.keys()];
    return rooms.flatMap((room) => (room.startsWith(prefix) ? [room.slice(prefix.length)] : []));
  }
}
