import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CHANGED_CAFES_MAX, PUSHES_PER_SECOND_MAX, REFETCHES_PER_SECOND } from '#contract';
import { Coalescer } from '#live';
import { Outbox } from '#notifications';
import { AppLogger } from '#platform';
import { RegistrationReads } from '#seats';
import { attendanceRoom, attendeeRoom, dashboardRoom, eventRoom, roomRoom } from '../connections/rooms.ts';
import { type Change, Counts } from '../counts/counts.ts';
import { Views } from '../views/views.ts';
import { Pushes } from './pushes.ts';

const INTERVAL_MS = 1_000 / PUSHES_PER_SECOND_MAX;
/**
 * The pace of pushes to a room, which thousands of screens watch. The interval grows with the duration of a push, up to a value at which
 * each screen shows a commit within a quarter of a second (docs/benchmarks.md). On a machine with too little processor time the interval is
 * longer, to leave more time for claims.
 */
const ROOM_PACE = { intervalMs: INTERVAL_MS, intervalMaxMs: 180, intervalMaxStarvedMs: 360 };
/** The pace of attendance lists and dashboards, which are read from the database for each push: at least one read a second. */
const ATTENDANCE_PACE = { intervalMs: INTERVAL_MS, intervalMaxMs: 1_000 };
const DASHBOARD_PACE = { intervalMs: INTERVAL_MS * 2, intervalMaxMs: 1_000 };
/** How often the mail counts of watched dashboards are compared, and failed reads are retried, in milliseconds. */
const POLL_EVERY_MS = 500;
/** The maximum number of registrations in one read. */
const REGISTRATIONS_MAX = 500;
/** The maximum number of Cafés in one read of the changes that the feed lost. */
const MISSED_CAFES_MAX = 100;

/** Pushes each change to the connections that watch it: decides which state is pushed, when, and to which socket.io rooms. */
@Injectable()
export class Broadcaster implements OnModuleInit, OnApplicationShutdown {
  readonly #counts: Counts;
  readonly #views: Views;
  readonly #reads: RegistrationReads;
  readonly #outbox: Outbox;
  readonly #pushes: Pushes;
  readonly #logger: AppLogger;
  readonly #rooms: Coalescer;
  readonly #attendance: Coalescer;
  readonly #dashboards: Coalescer;
  /** The attendees of the registrations that wait to be pushed, by registration. */
  readonly #registrations = new Map<string, string>();
  /** The Cafés whose messages the feed lost, with the version up to which all changes were pushed. */
  readonly #missed = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #pushingRegistrations = false;
  #readingMissed = false;
  /** Whether the last read of registrations failed. If so, only the timer retries, not each change. */
  #failing = false;
  /** The last mail counts of each watched event, as JSON. */
  #mail = new Map<string, string>();

  constructor(
    counts: Counts,
    views: Views,
    reads: RegistrationReads,
    outbox: Outbox,
    pushes: Pushes,
    logger: AppLogger,
  ) {
    this.#counts = counts;
    this.#views = views;
    this.#reads = reads;
    this.#outbox = outbox;
    this.#pushes = pushes;
    this.#logger = logger;
    const onError = (key: string, { message }: Error) =>
      logger.warn({ error: message, key }, 'a change was not pushed; retrying');
    this.#rooms = new Coalescer(ROOM_PACE, (roomId) => this.#pushRoom(roomId), onError);
    this.#attendance = new Coalescer(ATTENDANCE_PACE, (cafeId) => this.#pushAttendance(cafeId), onError);
    this.#dashboards = new Coalescer(DASHBOARD_PACE, (eventId) => this.#pushDashboard(eventId), onError);
  }

  onModuleInit(): void {
    this.#counts.onChange((change) => this.#changed(change));
    this.#timer = setInterval(() => {
      this.#compareMail();
      void this.#readMissed();
      void this.#pushRegistrations();
    }, POLL_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    for (const coalescer of [this.#rooms, this.#attendance, this.#dashboards]) coalescer.close();
  }

  #changed({ roomIds, eventIds, cafeIds, registrations, programmes, missed }: Change): void {
    for (const roomId of roomIds) this.#rooms.changed(roomId);
    for (const cafeId of cafeIds) {
      if (this.#pushes.isWatched(attendanceRoom(cafeId))) this.#attendance.changed(cafeId);
    }
    for (const eventId of eventIds) {
      if (this.#pushes.isWatched(dashboardRoom(eventId))) this.#dashboards.changed(eventId);
    }
    for (const [registrationId, attendeeId] of registrations) {
      if (this.#pushes.isWatched(attendeeRoom(attendeeId))) this.#registrations.set(registrationId, attendeeId);
    }
    for (const { eventId, cafeIds } of programmes) this.#pushProgramme(eventId, cafeIds);
    for (const { cafeId, version } of missed) this.#addMissed(cafeId, version);
    if (this.#failing) return;
    void this.#readMissed();
    void this.#pushRegistrations();
  }

  /**
   * Each change is a separate push. A newer push does not replace an older one that waits for a slow connection, because they are about
   * different Cafés. The more pages watch, the longer the period over which they fetch.
   */
  #pushProgramme(eventId: string, cafeIds: string[]): void {
    const room = eventRoom(eventId);
    const message = {
      eventId,
      ...(cafeIds.length <= CHANGED_CAFES_MAX && { cafeIds }),
      withinMs: Math.ceil((this.#pushes.watching(room) / REFETCHES_PER_SECOND) * 1_000),
    };
    const key = `programme:${eventId}:${message.cafeIds?.join() ?? ''}`;
    void this.#pushes.push([room], key, 'programme:changed', () => message);
  }

  #pushRoom(roomId: string): Promise<void> {
    const rooms = [roomRoom(roomId), eventRoom(this.#counts.eventOf(roomId) ?? '')];
    return this.#pushes.push(rooms, roomRoom(roomId), 'room:seats', () => this.#counts.room(roomId));
  }

  async #pushAttendance(cafeId: string): Promise<void> {
    const room = attendanceRoom(cafeId);
    if (!this.#pushes.isWatched(room)) return;
    const attendance = await this.#views.attendance(cafeId);
    await this.#pushes.push([room], room, 'cafe:attendance', () => attendance);
  }

  async #pushDashboard(eventId: string): Promise<void> {
    const room = dashboardRoom(eventId);
    if (!this.#pushes.isWatched(room)) return;
    const dashboard = await this.#views.dashboard(eventId);
    await this.#pushes.push([room], room, 'dashboard', () => dashboard);
  }

  /**
   * Pushes registrations to all connections of their attendees. They are read as a whole after the commit, one read after another, so that
   * no push is older than the commit or than the previous push. Registrations that could not be read wait for the timer.
   */
  async #pushRegistrations(): Promise<void> {
    if (this.#pushingRegistrations) return;
    this.#pushingRegistrations = true;
    while (this.#registrations.size > 0) {
      const batch = [...this.#registrations].slice(0, REGISTRATIONS_MAX);
      for (const [id] of batch) this.#registrations.delete(id);
      const found = await this.#read(() => this.#reads.registrations(batch.map(([id]) => id)));
      if (!found) {
        for (const [id, attendeeId] of batch) this.#registrations.set(id, attendeeId);
        break;
      }
      for (const registration of found) {
        const room = attendeeRoom(registration.attendeeId);
        await this.#pushes.push([room], `registration:${registration.id}`, 'registration', () => registration);
      }
    }
    this.#pushingRegistrations = false;
  }

  /** Finds in the ledger the registrations of connected attendees whose messages the feed lost. */
  async #readMissed(): Promise<void> {
    if (this.#readingMissed) return;
    this.#readingMissed = true;
    while (this.#missed.size > 0) {
      const batch = [...this.#missed].slice(0, MISSED_CAFES_MAX).map(([cafeId, version]) => ({ cafeId, version }));
      for (const { cafeId } of batch) this.#missed.delete(cafeId);
      const attendeeIds = this.#pushes.watchedIds(attendeeRoom(''));
      if (attendeeIds.length === 0) continue;
      const found = await this.#read(() => this.#reads.changedSince(batch, attendeeIds));
      if (!found) {
        for (const { cafeId, version } of batch) this.#addMissed(cafeId, version);
        break;
      }
      for (const { registrationId, attendeeId } of found) this.#registrations.set(registrationId, attendeeId);
      void this.#pushRegistrations();
    }
    this.#readingMissed = false;
  }

  /** Returns the result of `read`, or undefined after an error. Logs the first of consecutive errors. */
  async #read<Found>(read: () => Promise<Found>): Promise<Found | undefined> {
    try {
      const found = await read();
      this.#failing = false;
      return found;
    } catch (error) {
      if (!this.#failing) {
        this.#logger.warn({ error: (error as Error).message }, 'registrations were not pushed; retrying');
      }
      this.#failing = true;
      return undefined;
    }
  }

  #addMissed(cafeId: string, version: number): void {
    this.#missed.set(cafeId, Math.min(version, this.#missed.get(cafeId) ?? version));
  }

  /** Pushes the watched dashboards when the mail counts have changed, because the feed has no message about mails. */
  #compareMail(): void {
    const eventIds = this.#pushes.watchedIds(dashboardRoom(''));
    if (eventIds.length === 0) return;
    this.#outbox.countsByEvent(eventIds).then(
      (counts) => {
        const mail = new Map(eventIds.map((eventId) => [eventId, JSON.stringify(counts.get(eventId))]));
        for (const [eventId, text] of mail) if (text !== this.#mail.get(eventId)) this.#dashboards.changed(eventId);
        this.#mail = mail;
      },
      () => {},
    );
  }
}
