import type { Query } from './query.ts';
import * as rows from './rows.ts';
import type { OwnedRegistration } from './types.ts';

/** A registration and its Café, read in one statement. */
export interface SeatNow {
  registration: OwnedRegistration;
  /** Grows with every change of the Café or its seats, so also with every change of this registration. */
  cafeVersion: number;
  cafeState: string;
  /** The delegate who took the seat, in a delegation. */
  delegatedBy?: string;
}

/** Reads about registrations for messages and calendar entries. */
export abstract class MessageReads {
  abstract seatNow(registrationId: string): Promise<SeatNow | undefined>;
  /** The registrations with these ids. Ids that do not exist are left out. */
  abstract seatsNow(registrationIds: string[]): Promise<SeatNow[]>;
  /** Whether a registration was ever confirmed, whatever its status is now. */
  abstract wasConfirmed(registration: OwnedRegistration): Promise<boolean>;
  /** The confirmed seats that the attendee gave back in the swap that confirmed this one. */
  abstract givenBackFor(registration: OwnedRegistration): Promise<SeatNow[]>;
  /** The time and the room of a Café before its last move; undefined when it was never moved. */
  abstract placeBefore(cafeId: string): Promise<{ roomId: string; startsAt: string; endsAt: string } | undefined>;
  /** The registrations of a delegation, in the order in which the delegate named them. */
  abstract delegated(delegationId: string): Promise<OwnedRegistration[]>;
}

type SeatNowRow = rows.RegistrationRow & { version: string; state: string; delegated_by: string | null };

const selectSeatNow = `
  select n.*, s.version, s.state, d.attendee_id as delegated_by from (${rows.selectRegistration} where r.id = any ($1)) n
  join cafe_seats s on s.cafe_id = n.cafe_id
  join registration r on r.id = n.id left join delegation d on d.id = r.delegation_id order by n.id`;

export function messageReads(query: Query): Pick<MessageReads, keyof MessageReads> {
  const seatsNow = async (ids: string[]): Promise<SeatNow[]> => {
    const found = await query<SeatNowRow>(selectSeatNow, [ids]);
    return found.map((row) => ({
      registration: rows.registration(row),
      cafeVersion: Number(row.version),
      cafeState: row.state,
      ...(row.delegated_by && { delegatedBy: row.delegated_by }),
    }));
  };

  return {
    seatNow: async (id) => (await seatsNow([id]))[0],
    seatsNow,

    async wasConfirmed({ id }) {
      const found = await query(`select from seat_ledger_of($1) where what = 'confirmed' limit 1`, [id]);
      return found.length > 0;
    },

    async givenBackFor({ id, attendeeId }) {
      // All rows of one transaction have the same time, and an attendee is in one transaction at a time.
      const found = await query<{ id: string }>(
        `select o.id from (
           select e.at from seat_ledger_of($1) e
           where e.what = 'confirmed' and e.cause = 'swap' order by e.version desc limit 1
         ) swap
         join registration o on o.attendee_id = $2 and o.status = 'cancelled' and o.cause = 'swap'
         where exists (select from seat_ledger_of(o.id) e where e.what = 'cancelled' and e.at = swap.at)
           and exists (select from seat_ledger_of(o.id) e where e.what = 'confirmed')`,
        [id, attendeeId],
      );
      return found.length === 0 ? [] : seatsNow(found.map((row) => row.id));
    },

    async placeBefore(cafeId) {
      const found = await query<{ place: { roomId: string; startsAt: string; endsAt: string } }>(
        `select e.cafe as place from seat_event e join cafe c on c.id = e.cafe_id
         where e.cafe_id = $1 and e.what = 'cafe' and (e.cafe ->> 'roomId')::uuid is not null
           and ((e.cafe ->> 'roomId')::uuid, (e.cafe ->> 'startsAt')::timestamptz, (e.cafe ->> 'endsAt')::timestamptz)
             is distinct from (c.room_id, c.starts_at, c.ends_at)
         order by e.version desc, e.id desc limit 1`,
        [cafeId],
      );
      const place = found[0]?.place;
      if (!place) return undefined;
      const { roomId, startsAt, endsAt } = place;
      return { roomId, startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() };
    },

    async delegated(delegationId) {
      const found = await query<rows.RegistrationRow>(
        `${rows.selectRegistration} where r.delegation_id = $1 order by r.id`,
        [delegationId],
      );
      return found.map(rows.registration);
    },
  };
}
