import { PUSHES_PER_SECOND_MAX, type Registration } from '#contract';
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
/** How often the organiser's mail figures are looked at while somebody watches, in milliseconds. */
const MAIL_EVERY_MS = 500;
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
    this.#attendance = new Coalescer(ATTENDANCE, (cafeId) => this.#tellAttendance(cafeId));
    this.#dashboards = new Coalescer(DASHBOARDS, (eventId) => this.#tellDashboard(eventId));
    counts.onChange((change) => this.#changed(change));
    this.#timer = setInterval(() => this.#lookAtMail(), MAIL_EVERY_MS).unref();
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
    void this.#tellRegistrations();
    if (missed.length > 0) void this.#lookUpMissed(missed);
  }

  #tellRoom(roomId: string): Promise<void> {
    const rooms = [`room:${roomId}`, `event:${this.#counts.eventOf(roomId)}`];
    return this.#pushes.push(rooms, `room:${roomId}`, 'room:seats', () => this.#counts.room(roomId));
  }

  async #tellAttendance(cafeId: string): Promise<void> {
    const room = `attendance:${cafeId}`;
    try {
      const attendance = await this.#views.attendance(cafeId);
      await this.#pushes.push([room], room, 'cafe:attendance', () => attendance);
    } catch (error) {
      this.#parts.logger.warn({ fault: (error as Error).message }, 'an attendance list was not pushed');
    }
  }

  async #tellDashboard(eventId: string): Promise<void> {
    const room = `dashboard:${eventId}`;
    try {
      const dashboard = await this.#views.dashboard(eventId);
      await this.#pushes.push([room], room, 'dashboard', () => dashboard);
    } catch (error) {
      this.#parts.logger.warn({ fault: (error as Error).message }, 'a dashboard was not pushed');
    }
  }

  /**
   * Each to every connection of its person; read whole, so that what is pushed is never older than the commit, and one
   * reading at a time, so that none is older than the one before.
   */
  async #tellRegistrations(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#registrations.size > 0) {
      const ids = [...this.#registrations.keys()].slice(0, REGISTRATIONS_MAX);
      for (const id of ids) this.#registrations.delete(id);
      const found: Registration[] = await this.#parts.seats.registrations(ids).catch((error: Error) => {
        this.#parts.logger.warn({ fault: error.message }, 'registrations were not pushed');
        return [];
      });
      for (const registration of found) {
        const room = personRoom(registration.attendeeId);
        await this.#pushes.push([room], `registration:${registration.id}`, 'registration', () => registration);
      }
    }
    this.#reading = false;
  }

  /** The feed lost what these Cafés' versions say: whoever is connected here hears of it from the ledger. */
  async #lookUpMissed(missed: Change['missed']): Promise<void> {
    const people = this.#idsOf('person:');
    if (people.length === 0) return;
    const found = await this.#parts.seats.changedSince(missed, people).catch((error: Error) => {
      this.#parts.logger.warn({ fault: error.message }, 'what the feed lost was not looked up');
      return [];
    });
    for (const { registrationId, attendeeId } of found) this.#registrations.set(registrationId, attendeeId);
    await this.#tellRegistrations();
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
