import { CHANGED_CAFES_MAX, PUSHES_PER_SECOND_MAX, REFETCHES_PER_SECOND } from '#contract';
import { Coalescer } from '#live';
import type { Change, Counts } from './counts.ts';
import type { LiveNamespace, LiveSocket } from './live-socket.ts';
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
/** Of so many Cafés at most is looked up at once what the feed lost. */
const MISSED_MAX = 100;

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
  readonly #timer: NodeJS.Timeout;
  #reading = false;
  #lookingUp = false;
  /** Whether registrations cannot be read: they are tried at each look, and not at each change. */
  #failing = false;
  #mail = '';

  constructor(options: {
    parts: Parts;
    counts: Counts;
    views: Views;
    namespace: LiveNamespace;
    cut: (socket: LiveSocket, reason: 'late') => void;
  }) {
    const { parts, counts, views, namespace, cut } = options;
    this.#parts = parts;
    this.#counts = counts;
    this.#views = views;
    this.#namespace = namespace;
    this.#pushes = new Pushes(namespace, parts.metrics.registry, (socket) => cut(socket, 'late'));
    const onFault = (key: string, { message }: Error) =>
      parts.logger.warn({ fault: message, key }, 'what changed was not pushed; trying again');
    this.#rooms = new Coalescer(ROOMS, (roomId) => this.#tellRoom(roomId), onFault);
    this.#attendance = new Coalescer(ATTENDANCE, (cafeId) => this.#tellAttendance(cafeId), onFault);
    this.#dashboards = new Coalescer(DASHBOARDS, (eventId) => this.#tellDashboard(eventId), onFault);
    counts.onChange((change) => this.#changed(change));
    this.#timer = setInterval(() => {
      this.#lookAtMail();
      void this.#lookUpMissed();
      void this.#tellRegistrations();
    }, LOOK_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const coalescer of [this.#rooms, this.#attendance, this.#dashboards]) coalescer.close();
  }

  #changed({ roomIds, eventIds, cafeIds, registrations, programmes, missed }: Change): void {
    for (const roomId of roomIds) this.#rooms.changed(roomId);
    for (const cafeId of cafeIds) if (this.#pushes.watched(`attendance:${cafeId}`)) this.#attendance.changed(cafeId);
    for (const eventId of eventIds) if (this.#pushes.watched(`dashboard:${eventId}`)) this.#dashboards.changed(eventId);
    for (const [registrationId, attendeeId] of registrations) {
      if (this.#pushes.watched(personRoom(attendeeId))) this.#registrations.set(registrationId, attendeeId);
    }
    for (const { eventId, cafeIds } of programmes) this.#tellProgramme(eventId, cafeIds);
    for (const { cafeId, version } of missed) this.#addMissed(cafeId, version);
    if (this.#failing) return;
    void this.#lookUpMissed();
    void this.#tellRegistrations();
  }

  /**
   * Each change by itself: a newer one does not replace another that a slow connection has not taken, because it names other Cafés. The
   * more pages watch, the longer the time over which they ask.
   */
  #tellProgramme(eventId: string, cafeIds: string[]): void {
    const room = `event:${eventId}`;
    const watching = this.#namespace.adapter.rooms.get(room)?.size ?? 0;
    const message = {
      eventId,
      ...(cafeIds.length <= CHANGED_CAFES_MAX && { cafeIds }),
      withinMs: Math.ceil((watching / REFETCHES_PER_SECOND) * 1_000),
    };
    const key = `programme:${eventId}:${message.cafeIds?.join() ?? ''}`;
    void this.#pushes.push([room], key, 'programme:changed', () => message);
  }

  #tellRoom(roomId: string): Promise<void> {
    const rooms = [`room:${roomId}`, `event:${this.#counts.eventOf(roomId)}`];
    return this.#pushes.push(rooms, `room:${roomId}`, 'room:seats', () => this.#counts.room(roomId));
  }

  async #tellAttendance(cafeId: string): Promise<void> {
    const room = `attendance:${cafeId}`;
    if (!this.#pushes.watched(room)) return;
    const attendance = await this.#views.attendance(cafeId);
    await this.#pushes.push([room], room, 'cafe:attendance', () => attendance);
  }

  async #tellDashboard(eventId: string): Promise<void> {
    const room = `dashboard:${eventId}`;
    if (!this.#pushes.watched(room)) return;
    const dashboard = await this.#views.dashboard(eventId);
    await this.#pushes.push([room], room, 'dashboard', () => dashboard);
  }

  /**
   * Each to every connection of its person; read whole, so that what is pushed is never older than the commit, and one
   * reading at a time, so that none is older than the one before. What could not be read waits for the next look.
   */
  async #tellRegistrations(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#registrations.size > 0) {
      const some = [...this.#registrations].slice(0, REGISTRATIONS_MAX);
      for (const [id] of some) this.#registrations.delete(id);
      const found = await this.#read(() => this.#parts.seats.registrations(some.map(([id]) => id)));
      if (!found) {
        for (const [id, attendeeId] of some) this.#registrations.set(id, attendeeId);
        break;
      }
      for (const registration of found) {
        const room = personRoom(registration.attendeeId);
        await this.#pushes.push([room], `registration:${registration.id}`, 'registration', () => registration);
      }
    }
    this.#reading = false;
  }

  /** What the feed lost: whoever is connected here hears of it from the ledger. */
  async #lookUpMissed(): Promise<void> {
    if (this.#lookingUp) return;
    this.#lookingUp = true;
    while (this.#missed.size > 0) {
      const some = [...this.#missed].slice(0, MISSED_MAX).map(([cafeId, version]) => ({ cafeId, version }));
      for (const { cafeId } of some) this.#missed.delete(cafeId);
      const people = this.#idsOf('person:');
      if (people.length === 0) continue;
      const found = await this.#read(() => this.#parts.seats.changedSince(some, people));
      if (!found) {
        for (const { cafeId, version } of some) this.#addMissed(cafeId, version);
        break;
      }
      for (const { registrationId, attendeeId } of found) this.#registrations.set(registrationId, attendeeId);
      void this.#tellRegistrations();
    }
    this.#lookingUp = false;
  }

  /** What a reading gives; undefined, and said once, where it fails. */
  async #read<Found>(reading: () => Promise<Found>): Promise<Found | undefined> {
    try {
      const found = await reading();
      this.#failing = false;
      return found;
    } catch (error) {
      if (!this.#failing) {
        this.#parts.logger.warn({ fault: (error as Error).message }, 'registrations were not pushed; trying again');
      }
      this.#failing = true;
      return undefined;
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

  /** What is watched, of the rooms of socket.io that begin so. */
  #idsOf(prefix: string): string[] {
    const rooms = [...this.#namespace.adapter.rooms.keys()];
    return rooms.flatMap((room) => (room.startsWith(prefix) ? [room.slice(prefix.length)] : []));
  }
}
