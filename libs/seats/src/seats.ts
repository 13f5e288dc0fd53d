import {
  type CafeChange,
  type CafeSeats,
  type CheckInResult,
  ProblemError,
  type Registration,
  type SeatFeedMessage,
} from '#contract';
import type { Database } from '#platform';
import * as rows from './rows.ts';
import { SeatCounter } from './seat-counter.ts';
import type { AttendanceEntry, CafeChanged, CheckedIn, ClaimAnswer, ClaimInput, RegistrationChanged } from './types.ts';

export interface SeatsOptions {
  database: Database;
  /** How long a seat is kept for somebody whose address is not proved yet, in minutes. */
  holdTtlMinutes: number;
  /** Called after every commit of claims with what they changed, to be published on the seat feed. */
  onChanged?: (changed: SeatFeedMessage) => void;
}

/** The verbs of the seat engine. Each change is one transaction; when it resolves, it is on disk. */
export interface Seats {
  /**
   * Ask for a seat. Resolves with what became of it; throws when the database is away.
   * @throws ProblemError `not-signed-in` when there is no such attendee (any more).
   */
  claim(input: ClaimInput): Promise<ClaimAnswer>;
  /**
   * Give a registration back; the line moves up in the same commit. Cancelled again: the same answer.
   * @throws ProblemError `registration-not-found` when there is none of that id that belongs to the attendee;
   *   `registration-over` when it has expired.
   */
  cancel(registrationId: string, attendeeId: string): Promise<RegistrationChanged>;
  /**
   * The person showed that they read their mailbox: every seat still held for them is confirmed, each with its mail.
   * Safe to repeat. Call it after the address is marked as proved.
   */
  prove(attendeeId: string): Promise<{ registrations: Registration[]; changed: SeatFeedMessage }>;
  /** End the holds whose time is over by the database's clock, and move the lines up. Safe to run anywhere, at any time. */
  expireDue(): Promise<{ expired: number; changed: SeatFeedMessage }>;
  /** Check a person in at a Café's door. @throws ProblemError `registration-not-found`, `cafe-not-found`. */
  checkIn(input: { registrationId: string; cafeId: string; by: string }): Promise<CheckedIn>;
  /** Undo a check-in; of somebody who is not checked in, changes nothing. @throws ProblemError `registration-not-found`. */
  undoCheckIn(registrationId: string): Promise<RegistrationChanged>;
  /**
   * Change a Café's capacity, state or waitlist; more seats move the line up in the same commit; `state: cancelled`
   * cancels every registration, each with its mail.
   * @throws ProblemError `cafe-not-found`; `capacity-below-taken` {capacity, taken}; `capacity-above-room` {capacity, roomCapacity}.
   */
  changeCafe(cafeId: string, change: CafeChange): Promise<CafeChanged>;
  /** One registration, whosever it is. */
  registration(registrationId: string): Promise<Registration | undefined>;
  /** A person's registrations, by the Cafés' start: the active ones, and the latest of each Café left. */
  registrationsOf(attendeeId: string): Promise<Registration[]>;
  /** Everybody with a seat or in line at a Café: seats first, then the line in its order. */
  attendanceOf(cafeId: string): Promise<{ seats: CafeSeats; people: AttendanceEntry[] } | undefined>;
  /** The counts, state and waitlist of Cafés. */
  cafeSeats(cafeIds: string[]): Promise<(CafeSeats & { state: string; waitlistOpen: boolean })[]>;
  /** The counts of every Café of an event, or of all events. Drafts are left out unless asked for. */
  seatsOfEvent(
    eventId?: string,
  ): Promise<(CafeSeats & { roomId: string; eventId: string; state: string; waitlistOpen: boolean })[]>;
  /** The counts of every Café of a room. */
  seatsOfRoom(roomId: string): Promise<CafeSeats[]>;
  /** The versions of all Cafés: one cheap query, for healing. */
  versions(): Promise<{ cafeId: string; version: number }[]>;
  /** How many registrations of an event were made in each minute that had any, oldest first. */
  registrationsOverTime(eventId: string): Promise<{ minute: string; count: number }[]>;
  /** How many different people have a seat or a place in line at an event. */
  peopleOf(eventId: string): Promise<number>;
}

/** The most registrations that one run of `expireDue` ends; the next run takes the rest. */
const EXPIRED_MAX = 500;
/** How often a transaction that Postgres ended to break a deadlock is run again. */
const DEADLOCK_RETRIES = 3;

/** Open the engine on a database. */
export function openSeats({ database, holdTtlMinutes, onChanged }: SeatsOptions): Seats {
  const { pool } = database;
  const holdTtl = `${holdTtlMinutes} minutes`;
  const counter = new SeatCounter({ pool, holdTtl, onChanged });

  async function query<Row>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    const result = await retryDeadlock(() => pool.query({ name, text, values }));
    return result.rows as Row[];
  }

  async function registrationsWhere(name: string, condition: string, values: unknown[]): Promise<Registration[]> {
    const found = await query<rows.RegistrationRow>(
      `registrations-${name}`,
      `${rows.selectRegistration} where ${condition} order by c.starts_at, r.id`,
      values,
    );
    return found.map(rows.registration);
  }

  async function countsWhere(name: string, condition: string, values: unknown[]) {
    const found = await query<rows.CafeRow>(
      `counts-${name}`,
      `${rows.selectCafe} where ${condition} order by c.starts_at, c.id`,
      values,
    );
    return found.map((row) => ({
      ...rows.seats(row),
      roomId: row.room_id,
      eventId: row.event_id,
      state: row.state,
      waitlistOpen: row.waitlist_open,
    }));
  }

  /** What to publish after these registrations changed: read after the commit, so never older than it. */
  async function changedMessage(changed: rows.ChangedRow[], cafeIds: string[] = []): Promise<SeatFeedMessage> {
    const ids = [...new Set([...changed.map((row) => row.cafe_id), ...cafeIds])];
    if (ids.length === 0) return { seats: [], registrations: [] };
    const found = await query<rows.CafeRow>('counts-of', `${rows.selectCafe} where c.id = any ($1)`, [ids]);
    return {
      seats: found.map(rows.seats),
      registrations: changed.map((row) => ({ registrationId: row.registration_id, attendeeId: row.attendee_id })),
    };
  }

  async function registrationOf(id: string): Promise<Registration | undefined> {
    return (await registrationsWhere('one', 'r.id = $1', [id]))[0];
  }

  return {
    async claim(input) {
      const answer = await counter.claim(input);
      if (answer.outcome !== 'schedule-clash') return answer;
      const clashing = await registrationsWhere(
        'clashing',
        `r.attendee_id = $1 and r.status in ('held', 'offered', 'confirmed')
         and exists (select from cafe w where w.id = $2 and w.starts_at < c.ends_at and c.starts_at < w.ends_at)`,
        [input.attendeeId, input.cafeId],
      );
      return {
        outcome: 'schedule-clash',
        clashesWith: clashing.map(({ id, cafeId, startsAt, endsAt }) => ({
          registrationId: id,
          cafeId,
          startsAt,
          endsAt,
        })),
      };
    },

    async cancel(registrationId, attendeeId) {
      const before = await registrationOf(registrationId);
      if (before?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
      if (before.status === 'expired') throw new ProblemError('registration-over');
      const changed = await query<rows.ChangedRow>('end', `select * from seats_end($1, 'cancelled', $2)`, [
        [registrationId],
        holdTtl,
      ]);
      const [registration, message] = await Promise.all([registrationOf(registrationId), changedMessage(changed)]);
      // Ended by its time between the two statements above: it is over, and not by this person's will.
      if (registration?.status !== 'cancelled') throw new ProblemError('registration-over');
      return { registration, changed: message };
    },

    async prove(attendeeId) {
      const changed = await query<rows.ChangedRow>('prove', 'select * from seats_prove($1)', [attendeeId]);
      const ids = changed.map((row) => row.registration_id);
      const [registrations, message] = await Promise.all([
        ids.length === 0 ? [] : registrationsWhere('many', 'r.id = any ($1)', [ids]),
        changedMessage(changed),
      ]);
      return { registrations, changed: message };
    },

    async expireDue() {
      const due = await query<{ any: boolean }>(
        'due',
        'select exists (select from registration where expires_at <= now()) as any',
        [],
      );
      if (!due[0]?.any) return { expired: 0, changed: { seats: [], registrations: [] } };
      const changed = await query<rows.ChangedRow>('expire', 'select * from seats_expire_due($1, $2)', [
        EXPIRED_MAX,
        holdTtl,
      ]);
      const ended = await registrationsWhere('expired', `r.id = any ($1) and r.status = 'expired'`, [
        changed.map((row) => row.registration_id),
      ]);
      return { expired: ended.length, changed: await changedMessage(changed) };
    },

    async checkIn({ registrationId, cafeId, by }) {
      const answer = await query<{ result: CheckInResult | 'registration-not-found' }>(
        'check-in',
        'select seats_check_in($1, $2, $3) as result',
        [registrationId, cafeId, by],
      );
      const result = answer[0]?.result;
      const registration = await registrationOf(registrationId);
      if (!result || result === 'registration-not-found' || !registration)
        throw new ProblemError('registration-not-found');
      const changed = result === 'checked-in' ? [rows.changedRow(registration)] : [];
      return { result, registration, changed: await changedMessage(changed) };
    },

    async undoCheckIn(registrationId) {
      const answer = await query<{ undone: boolean }>('undo-check-in', 'select seats_undo_check_in($1) as undone', [
        registrationId,
      ]);
      const registration = await registrationOf(registrationId);
      if (!registration) throw new ProblemError('registration-not-found');
      return { registration, changed: await changedMessage(answer[0]?.undone ? [rows.changedRow(registration)] : []) };
    },

    async changeCafe(cafeId, change) {
      const answer = await query<{ outcome: string; taken: number; room_capacity: number; registration_ids: string[] }>(
        'change-cafe',
        'select * from seats_change_cafe($1, $2, $3, $4, $5)',
        [cafeId, change.capacity ?? null, change.state ?? null, change.waitlistOpen ?? null, holdTtl],
      );
      const {
        outcome,
        taken,
        room_capacity: roomCapacity,
        registration_ids: ids,
      } = answer[0] ?? { outcome: 'cafe-not-found' };
      if (outcome === 'cafe-not-found') throw new ProblemError('cafe-not-found');
      if (outcome === 'capacity-below-taken') throw new ProblemError(outcome, { capacity: change.capacity, taken });
      if (outcome === 'capacity-above-room')
        throw new ProblemError(outcome, { capacity: change.capacity, roomCapacity });
      if (outcome === 'has-registrations') {
        throw new ProblemError('invalid-request', {
          errors: [{ path: 'state', message: 'a Café with registrations cannot become a draft' }],
        });
      }
      const moved = await registrationsWhere('many', 'r.id = any ($1)', [ids ?? []]);
      const changed = await changedMessage(moved.map(rows.changedRow), [cafeId]);
      const seats = changed.seats.find((counts) => counts.cafeId === cafeId);
      if (!seats) throw new ProblemError('cafe-not-found');
      return { seats, changed };
    },

    registration: registrationOf,

    registrationsOf: (attendeeId) =>
      registrationsWhere(
        'of',
        // Two lookups by person: what is active; and of each Café left and not taken again, the latest.
        `r.id in (
           select mine.id from registration mine
           where mine.attendee_id = $1 and mine.status in ('held', 'offered', 'confirmed', 'waitlisted')
           union all
           select latest.id from (
             select distinct on (ended.cafe_id) ended.id, ended.cafe_id from registration ended
             where ended.attendee_id = $1 and ended.status in ('cancelled', 'expired')
             order by ended.cafe_id, ended.id desc
           ) latest
           where not exists (
             select from registration again where again.attendee_id = $1 and again.cafe_id = latest.cafe_id
               and again.status in ('held', 'offered', 'confirmed', 'waitlisted')
           )
         )`,
        [attendeeId],
      ),

    async attendanceOf(cafeId) {
      const found = await query<rows.CafeRow>('counts-of', `${rows.selectCafe} where c.id = any ($1)`, [[cafeId]]);
      if (!found[0]) return undefined;
      const people = await query<rows.RegistrationRow>(
        'attendance',
        `${rows.selectRegistration}
         where r.cafe_id = $1 and (r.status in ('held', 'offered', 'confirmed') or r.status = 'waitlisted')
         order by r.status = 'waitlisted', r.waitlist_number, r.id`,
        [cafeId],
      );
      let place = 0;
      return {
        seats: rows.seats(found[0]),
        people: people.map((row): AttendanceEntry => {
          const { id: registrationId, attendeeId, status, checkedInAt } = rows.registration(row);
          return {
            registrationId,
            attendeeId,
            status,
            ...(status === 'waitlisted' && { waitlistPosition: ++place }),
            ...(checkedInAt && { checkedInAt }),
          };
        }),
      };
    },

    cafeSeats: (cafeIds) => countsWhere('cafes', 'c.id = any ($1)', [cafeIds]),

    seatsOfEvent: (eventId) => countsWhere('event', '($1::uuid is null or c.event_id = $1)', [eventId ?? null]),

    seatsOfRoom: async (roomId) =>
      (await countsWhere('room', `c.room_id = $1 and s.state <> 'draft'`, [roomId])).map(rows.countsOnly),

    async versions() {
      const found = await query<{ cafe_id: string; version: string }>(
        'versions',
        'select cafe_id, version from cafe_seats',
        [],
      );
      return found.map((row) => ({ cafeId: row.cafe_id, version: Number(row.version) }));
    },

    async registrationsOverTime(eventId) {
      const found = await query<{ minute: Date; count: number }>(
        'over-time',
        `select date_trunc('minute', r.created_at) as minute, count(*)::integer as count
         from registration r join cafe c on c.id = r.cafe_id where c.event_id = $1 group by 1 order by 1 desc limit 10080`,
        [eventId],
      );
      return found.reverse().map(({ minute, count }) => ({ minute: minute.toISOString(), count }));
    },

    async peopleOf(eventId) {
      const found = await query<{ people: number }>(
        'people',
        `select count(distinct r.attendee_id)::integer as people from registration r join cafe c on c.id = r.cafe_id
         where c.event_id = $1 and r.status in ('held', 'offered', 'confirmed', 'waitlisted')`,
        [eventId],
      );
      return found[0]?.people ?? 0;
    },
  };
}

/** Run a transaction again when Postgres ended it to break a deadlock: nothing of it remained. */
async function retryDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if ((error as { code?: string }).code !== '40P01' || attempt === DEADLOCK_RETRIES) throw error;
    }
  }
}
