import type { Database } from '#platform';
import { openQuery, type Query } from './query.ts';
import * as rows from './rows.ts';
import type { OwnedRegistration } from './types.ts';

/** A registration and its Café, read in one statement. */
export interface SeatNow {
  registration: OwnedRegistration;
  /** Grows with every change of the Café or its seats, and so with every change of this registration. */
  cafeVersion: number;
  cafeState: string;
  /** Why the organisers changed the registration last, in their words. */
  reason?: string;
  /** The delegate who took the seat, in a delegation. */
  delegatedBy?: string;
  /** The free seats of the Café now. */
  cafeFree: number;
  /**
   * The number of registrations of its delegation that wait together: all of them get seats, or none. Absent when its delegation does not
   * wait together.
   */
  waitsTogether?: number;
}

/** Earlier states of a registration. */
export interface RegistrationPast {
  /** Whether it was once confirmed, so that it may be in a calendar. */
  wasConfirmed: boolean;
  /** Whether it once had a seat: held, offered or confirmed. False when it was only on the waitlist. */
  hadSeat: boolean;
  /** The cause of its last confirmation; absent when it was never confirmed. */
  confirmedBy?: string;
  /** The cause of its end; absent when it has not ended. */
  endedBy?: string;
  /** The Café that its attendee got by the swap that ended it. */
  swappedFor?: string;
}

type SeatNowRow = rows.RegistrationRow & {
  version: string;
  state: string;
  free: number;
  reason: string | null;
  delegated_by: string | null;
  waits_together: string | null;
};

const selectSeatNow = `
  select n.*, s.version, s.state, greatest(0, s.capacity - s.taken) as free, d.attendee_id as delegated_by,
    case when r.cause in ('move', 'organiser', 'cafe-cancelled', 'cafe-closed', 'line-closed', 'no-show') then r.reason end as reason,
    case when n.status = 'waitlisted' and d.mode = 'all' then (
      select count(*) from registration w where w.delegation_id = d.id and w.status = 'waitlisted'
    ) end as waits_together
  from (${rows.selectRegistration} where r.id = any ($1)) n
  join cafe_seats s on s.cafe_id = n.cafe_id
  join registration r on r.id = n.id left join delegation d on d.id = r.delegation_id order by n.id`;

// All rows of one transaction have the same time, and an attendee is in one transaction at a time.
const PAST = `
  with past as (select e.at, e.what, e.cause, e.version from seat_ledger_of($1) e),
  last_end as (select p.at, p.cause from past p where p.what in ('cancelled', 'expired') order by p.version desc limit 1)
  select
    exists (select from past p where p.what = 'confirmed') as was_confirmed,
    exists (select from past p where p.what in ('held', 'offered', 'confirmed')) as had_seat,
    (select p.cause::text from past p where p.what = 'confirmed' order by p.version desc limit 1) as confirmed_by,
    (select l.cause::text from last_end l) as ended_by,
    (
      select o.cafe_id from last_end l join registration o on o.attendee_id = $2 and o.id <> $1
      where l.cause = 'swap' and exists (
        select from seat_ledger_of(o.id) e where e.what = 'confirmed' and e.cause = 'swap' and e.at = l.at
      )
      limit 1
    ) as swapped_for`;

/** Reads the data of messages and calendar entries about registrations. */
export class MessageReads {
  readonly #query: Query;

  constructor(database: Database) {
    this.#query = openQuery(database.pool);
  }

  async seatNow(registrationId: string): Promise<SeatNow | undefined> {
    return (await this.seatsNow([registrationId]))[0];
  }

  /** The registrations with these ids. Ids that do not exist are left out. */
  async seatsNow(ids: string[]): Promise<SeatNow[]> {
    const found = await this.#query<SeatNowRow>(selectSeatNow, [ids]);
    return found.map((row) => ({
      registration: rows.registration(row),
      cafeVersion: Number(row.version),
      cafeState: row.state,
      cafeFree: row.free,
      ...(row.reason && { reason: row.reason }),
      ...(row.delegated_by && { delegatedBy: row.delegated_by }),
      ...(Number(row.waits_together) > 1 && { waitsTogether: Number(row.waits_together) }),
    }));
  }

  async pastOf({ id, attendeeId }: OwnedRegistration): Promise<RegistrationPast> {
    const [row] = await this.#query<{
      was_confirmed: boolean;
      had_seat: boolean;
      confirmed_by: string | null;
      ended_by: string | null;
      swapped_for: string | null;
    }>(PAST, [id, attendeeId]);
    return {
      wasConfirmed: row?.was_confirmed ?? false,
      hadSeat: row?.had_seat ?? false,
      ...(row?.confirmed_by && { confirmedBy: row.confirmed_by }),
      ...(row?.ended_by && { endedBy: row.ended_by }),
      ...(row?.swapped_for && { swappedFor: row.swapped_for }),
    };
  }

  /** The confirmed seats that a person gave back in the swap that confirmed this registration. */
  async givenBackFor({ id, attendeeId }: OwnedRegistration): Promise<SeatNow[]> {
    // All rows of one transaction have the same time, and a person is in one transaction at a time.
    const found = await this.#query<{ id: string }>(
      `select o.id from (
         select e.at from seat_ledger_of($1) e
         where e.what = 'confirmed' and e.cause = 'swap' order by e.version desc limit 1
       ) swap
       join registration o on o.attendee_id = $2 and o.status = 'cancelled' and o.cause = 'swap'
       where exists (select from seat_ledger_of(o.id) e where e.what = 'cancelled' and e.at = swap.at)
         and exists (select from seat_ledger_of(o.id) e where e.what = 'confirmed')`,
      [id, attendeeId],
    );
    return found.length === 0 ? [] : this.seatsNow(found.map((row) => row.id));
  }

  /** The room and the time that a Café had at an instant; undefined where it has them now. */
  async placeAt(cafeId: string, at: Date): Promise<{ roomId: string; startsAt: string; endsAt: string } | undefined> {
    // Rows of earlier builds have no place.
    const found = await this.#query<{ place: { roomId: string; startsAt: string; endsAt: string }; is_now: boolean }>(
      `select e.cafe as place, ((e.cafe ->> 'roomId')::uuid, (e.cafe ->> 'startsAt')::timestamptz, (e.cafe ->> 'endsAt')::timestamptz)
           is not distinct from (c.room_id, c.starts_at, c.ends_at) as is_now
       from seat_event e join cafe c on c.id = e.cafe_id
       where e.cafe_id = $1 and e.what = 'cafe' and e.cafe ->> 'roomId' is not null and e.at < $2
       order by e.version desc, e.id desc limit 1`,
      [cafeId, at],
    );
    const [known] = found;
    if (!known || known.is_now) return undefined;
    const { roomId, startsAt, endsAt } = known.place;
    return { roomId, startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() };
  }

  /** Whether a registration was moved with its Café at or after an instant, and its attendee is told. */
  async isMovedSince(registrationId: string, since: Date): Promise<boolean> {
    const found = await this.#query<{ at: Date }>(
      `select e.at from seat_event e
       where e.registration_ids @> array[$1::uuid] and e.cause = 'move' and e.what in ('told', 'offered') and e.at >= $2 limit 1`,
      [registrationId, since],
    );
    return found.length > 0;
  }

  /** The registrations that a delegation made, in the order in which the delegate named the people. */
  async delegated(delegationId: string): Promise<OwnedRegistration[]> {
    const found = await this.#query<rows.RegistrationRow>(
      `${rows.selectRegistration} where r.delegation_id = $1 order by r.id`,
      [delegationId],
    );
    return found.map(rows.registration);
  }
}
