import type { CafeSeats, NoShowRelease, PendingClosing, Receipt, RoomSlot } from '#contract';
import { MessageReads, messageReads } from './message-reads.ts';
import type { Query } from './query.ts';
import * as rows from './rows.ts';
import type { AttendanceEntry, CafeAttendance, OwnedRegistration, SeatClash, TypedName } from './types.ts';

/** The counts of a Café, with what an organiser may change. */
export interface CafeSeatsState extends CafeSeats {
  roomId: string;
  eventId: string;
  state: string;
  waitlistOpen: boolean;
  /** A smaller capacity that is reached as seats become free. */
  targetCapacity?: number;
  /** When the room is too small for all its Cafés: the periods in which this Café shares the room's seats. */
  roomSlots?: RoomSlot[];
  /** The pending closing of the Café or its waitlist, which can still be undone. */
  closing?: PendingClosing;
}

/** The versions of a Café, and its room. */
export interface CafeVersion {
  cafeId: string;
  version: number;
  roomId: string;
  draft: boolean;
  /** Whether its event is not over, or has been over for less than a day. */
  current: boolean;
  /** A text that changes with the state, waitlist, room, time and room slots of the Café. */
  facts: string;
}

/** Reads of the seat engine. */
export abstract class SeatReads extends MessageReads {
  /** One registration of any attendee. */
  abstract registration(registrationId: string): Promise<OwnedRegistration | undefined>;
  /**
   * What the claim token of a guest registration shows (table `guest_outcome`): only what its person did by the mail or the token of this
   * registration.
   */
  abstract seenByClaimToken(registrationId: string): Promise<OwnedRegistration | undefined>;
  /** These registrations, in the order of the Cafés' starts. */
  abstract registrations(registrationIds: string[]): Promise<OwnedRegistration[]>;
  /**
   * The registrations of an attendee, in the order of the Cafés' starts: all active ones (guest registrations too), and the latest ended
   * one of each other Café. Guest registrations that ended are left out.
   */
  abstract registrationsOf(attendeeId: string): Promise<OwnedRegistration[]>;
  /** All registrations that an attendee ever had, in the order of the Cafés' starts. */
  abstract everyRegistrationOf(attendeeId: string): Promise<OwnedRegistration[]>;
  /** The receipt of a registration: its rows of the ledger, oldest first. */
  abstract receiptOf(registration: OwnedRegistration): Promise<Receipt['events']>;
  /** The people of a Café with a seat or waiting: seats first, then the waitlist in its order. */
  abstract attendanceOf(cafeId: string): Promise<CafeAttendance | undefined>;
  /** The name that another person typed when making the registration, until its person confirms it. */
  abstract typedName(registrationId: string): Promise<TypedName | undefined>;
  /** The counts of Cafés and nothing else, for the feed. */
  abstract countsOf(cafeIds: string[]): Promise<CafeSeats[]>;
  /** The counts, state and waitlist of Cafés. */
  abstract cafeSeats(cafeIds: string[]): Promise<CafeSeatsState[]>;
  /** The counts of every Café of an event, or of all events. Drafts are left out by default. */
  abstract seatsOfEvent(eventId?: string): Promise<CafeSeatsState[]>;
  /** The counts of every Café of a room. */
  abstract seatsOfRoom(roomId: string): Promise<CafeSeats[]>;
  /** The version of all counts, states and waitlists of an event: a text that differs after every change. One cheap query, for caches. */
  abstract versionOfEvent(eventId: string): Promise<string>;
  /**
   * The versions and rooms of all Cafés, or of the current ones only. The query for the current ones is cheap, because a gateway runs it
   * every second.
   */
  abstract versions(which?: 'all' | 'current'): Promise<CafeVersion[]>;
  /** The registrations of these attendees that changed in these Cafés after the versions given, by the ledger. */
  abstract changedSince(
    known: { cafeId: string; version: number }[],
    attendeeIds: string[],
  ): Promise<{ registrationId: string; attendeeId: string }[]>;
  /** How many registrations of an event were made in each minute that had any, oldest first. */
  abstract registrationsOverTime(eventId: string): Promise<{ minute: string; count: number }[]>;
  /** How many different attendees have a seat or a place in the waitlist at an event. */
  abstract peopleOf(eventId: string): Promise<number>;
  /** The seats of an attendee that overlap a Café in time. */
  abstract clashesWith(attendeeId: string, cafeId: string): Promise<SeatClash[]>;
  /** The seats that would clash if a Café were at another time: one entry for each seat in the way. */
  abstract clashesOfMove(
    cafeId: string,
    startsAt: string,
    endsAt: string,
  ): Promise<{ registrationId: string; attendeeId: string; otherCafeId: string }[]>;
}

export function seatReads(query: Query): Pick<SeatReads, keyof SeatReads> {
  async function registrationsWhere(condition: string, values: unknown[]): Promise<OwnedRegistration[]> {
    const found = await query<rows.RegistrationRow>(
      `${rows.selectRegistration} where ${condition} order by c.starts_at, r.id`,
      values,
    );
    return found.map(rows.registration);
  }

  async function countsWhere(condition: string, values: unknown[]): Promise<CafeSeatsState[]> {
    const found = await query<rows.CafeRow>(`${rows.selectCafe} where ${condition} order by c.starts_at, c.id`, values);
    return found.map((row) => ({
      ...rows.seats(row),
      roomId: row.room_id,
      eventId: row.event_id,
      state: row.state,
      waitlistOpen: row.waitlist_open,
      ...(row.target_capacity !== null && { targetCapacity: row.target_capacity }),
      ...(row.room_slots && { roomSlots: row.room_slots }),
      ...(row.closing && { closing: row.closing }),
    }));
  }

  async function typedNames(condition: string, value: string): Promise<Map<string, TypedName>> {
    const found = await query<{ registration_id: string; name: string; organisation: string | null }>(
      `select w.registration_id, w.name, w.organisation
       from typed_name w join registration r on r.id = w.registration_id where ${condition}`,
      [value],
    );
    return new Map(
      found.map(({ registration_id: id, name, organisation }) => [id, { name, ...(organisation && { organisation }) }]),
    );
  }

  const registrations = async (ids: string[]) => (ids.length === 0 ? [] : registrationsWhere('r.id = any ($1)', [ids]));

  return {
    ...messageReads(query),
    registration: async (id) => (await registrationsWhere('r.id = $1', [id]))[0],
    registrations,

    async seenByClaimToken(id) {
      const [row] = await query<rows.ClaimedRow>(rows.selectClaimed, [id]);
      return row && rows.seenByClaimToken(row);
    },

    registrationsOf: (attendeeId) =>
      registrationsWhere(
        // Lookups by attendee, each with its own index: the active registrations, own and guest ones; and the latest of each Café that the
        // attendee left and did not take again.
        `r.id in (
           select mine.id from registration mine
           where mine.attendee_id = $1 and mine.status in ('held', 'offered', 'confirmed', 'waitlisted') and not mine.guest
           union all
           select guest.id from registration guest
           where guest.attendee_id = $1 and guest.status in ('held', 'waitlisted') and guest.guest
           union all
           select latest.id from (
             select distinct on (ended.cafe_id) ended.id, ended.cafe_id from registration ended
             where ended.attendee_id = $1 and ended.status in ('cancelled', 'expired') and not ended.guest
             order by ended.cafe_id, ended.id desc
           ) latest
           where not exists (
             select from registration again where again.attendee_id = $1 and again.cafe_id = latest.cafe_id
               and again.status in ('held', 'offered', 'confirmed', 'waitlisted') and not again.guest
           )
         )`,
        [attendeeId],
      ),

    everyRegistrationOf: (attendeeId) => registrationsWhere('r.attendee_id = $1', [attendeeId]),

    async receiptOf({ id }) {
      const found = await query<{
        at: Date;
        version: string;
        what: string;
        cause: string;
        waitlist_number: number | null;
      }>('select at, version, what, cause, waitlist_number from seat_ledger_of($1) order by version, id nulls first', [
        id,
      ]);
      return found.map(({ at, version, what, cause, waitlist_number: waitlistNumber }) => ({
        at: at.toISOString(),
        version: Number(version),
        what,
        cause,
        ...(waitlistNumber !== null && { waitlistNumber }),
      }));
    },

    async attendanceOf(cafeId) {
      const found = await query<rows.CafeRow>(`${rows.selectCafe} where c.id = any ($1)`, [[cafeId]]);
      if (!found[0]) return undefined;
      const [release] = await query<{ releasable_from: Date; releases: NoShowRelease[] | null }>(
        `select c.starts_at + make_interval(mins => e.no_show_grace_minutes) as releasable_from,
           (
             select json_agg(${rows.pendingChange} || jsonb_build_object('registrationIds', p.registration_ids) order by p.id)
             from pending_change p where p.cafe_id = c.id and p.cause = 'no-show' and p.applies_at > seats_now()
           ) as releases
         from cafe c join event e on e.id = c.event_id where c.id = $1`,
        [cafeId],
      );
      if (!release) return undefined;
      const people = await query<rows.RegistrationRow & { delegated_by: string | null }>(
        `select n.*, d.attendee_id as delegated_by
         from (
           ${rows.selectRegistration}
           where r.cafe_id = $1 and (r.status in ('held', 'offered', 'confirmed') or r.status = 'waitlisted')
         ) n
         join registration r on r.id = n.id
         left join delegation d on d.id = r.delegation_id and n.guest
         order by r.status = 'waitlisted', r.waitlist_number, r.id`,
        [cafeId],
      );
      const typed = await typedNames('r.cafe_id = $1', cafeId);
      // The waitlist is in its order, so the position is counted here.
      const seated = people.findIndex(({ status }) => status === 'waitlisted');
      return {
        seats: rows.seats(found[0]),
        releasableFrom: release.releasable_from.toISOString(),
        releases: release.releases ?? [],
        people: people.map((row, index): AttendanceEntry => {
          const { id: registrationId, attendeeId, status, checkedInAt, guest } = rows.registration(row);
          return {
            registrationId,
            attendeeId,
            status,
            ...(status === 'waitlisted' && { waitlistPosition: index - seated + 1 }),
            ...(checkedInAt && { checkedInAt }),
            ...(guest && { guest }),
            ...(row.delegated_by && { delegatedBy: row.delegated_by }),
            ...(typed.has(registrationId) && { typed: typed.get(registrationId) as TypedName }),
          };
        }),
      };
    },

    typedName: async (registrationId) => (await typedNames('r.id = $1', registrationId)).get(registrationId),

    async countsOf(cafeIds) {
      const found = await query<rows.Counts>(
        'select cafe_id, version, capacity, taken, waitlisted, present from cafe_seats where cafe_id = any ($1)',
        [cafeIds],
      );
      return found.map(rows.seats);
    },

    cafeSeats: (cafeIds) => countsWhere('c.id = any ($1)', [cafeIds]),

    seatsOfEvent: (eventId) => countsWhere('($1::uuid is null or c.event_id = $1)', [eventId ?? null]),

    seatsOfRoom: async (roomId) =>
      (await countsWhere(`c.room_id = $1 and s.state <> 'draft'`, [roomId])).map(rows.countsOnly),

    async versionOfEvent(eventId) {
      // The version of each Café only grows, so the sum changes with every change.
      const [found] = await query<{ version: string }>(
        `select count(*) || ' ' || coalesce(sum(s.version), 0) as version
         from cafe_seats s join cafe c on c.id = s.cafe_id where c.event_id = $1`,
        [eventId],
      );
      return found?.version ?? '';
    },

    async versions(which = 'all') {
      const found = await query<{
        cafe_id: string;
        version: string;
        room_id: string;
        draft: boolean;
        current: boolean;
        facts: string;
      }>(
        `select s.cafe_id, s.version, c.room_id, s.state = 'draft' as draft,
           e.ends_at > seats_now() - interval '1 day' as current,
           hashtextextended(concat_ws(
             ' ', s.state, s.waitlist_open, c.room_id, c.starts_at, c.ends_at,
             case when s.pooled then (
               select string_agg(concat_ws(' ', t.starts_at, t.capacity, t.cafe_ids), ' ' order by t.starts_at) from room_slots_of(c.id) t
             ) end
           ), 0) as facts
         from cafe_seats s join cafe c on c.id = s.cafe_id join event e on e.id = c.event_id
         ${which === 'current' ? `where e.ends_at > seats_now() - interval '1 day'` : ''}`,
        [],
      );
      return found.map((row) => ({
        cafeId: row.cafe_id,
        version: Number(row.version),
        roomId: row.room_id,
        draft: row.draft,
        current: row.current,
        facts: row.facts,
      }));
    },

    async changedSince(known, attendeeIds) {
      const found = await query<{ registration_id: string; attendee_id: string }>(
        // A registration that was made since then and ended again also has a later row of the ledger.
        `with known as (select * from unnest($1::uuid[], $2::bigint[]) k (cafe_id, version)),
         -- By itself, so that it is looked up by person, and not by person and Café.
         mine as materialized (
           select r.id, r.attendee_id, r.cafe_id, r.created_at from registration r
           where r.attendee_id = any ($3) and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
           union all
           select r.id, r.attendee_id, r.cafe_id, r.created_at from registration r
           where r.attendee_id = any ($3) and r.status in ('held', 'waitlisted') and r.guest
         )
         select changed.registration_id, changed.attendee_id
         from known
         join seat_event e on e.cafe_id = known.cafe_id and e.version > known.version
         cross join unnest(e.registration_ids, e.attendee_ids) changed (registration_id, attendee_id)
         where changed.attendee_id = any ($3)
         union
         select r.id, r.attendee_id
         from known join mine r on r.cafe_id = known.cafe_id join seat_event_made m on m.at = r.created_at
         where m.versions[array_position(m.registration_ids, r.id)] > known.version`,
        [known.map(({ cafeId }) => cafeId), known.map(({ version }) => version), attendeeIds],
      );
      return found.map((row) => ({ registrationId: row.registration_id, attendeeId: row.attendee_id }));
    },

    async registrationsOverTime(eventId) {
      const found = await query<{ minute: Date; count: number }>(
        `select date_trunc('minute', r.created_at) as minute, count(*)::integer as count
         from registration r join cafe c on c.id = r.cafe_id where c.event_id = $1 group by 1 order by 1 desc limit 10080`,
        [eventId],
      );
      return found.reverse().map(({ minute, count }) => ({ minute: minute.toISOString(), count }));
    },

    async peopleOf(eventId) {
      const found = await query<{ people: number }>(
        `select count(distinct r.attendee_id)::integer as people from registration r join cafe c on c.id = r.cafe_id
         where c.event_id = $1 and r.status in ('held', 'offered', 'confirmed', 'waitlisted')`,
        [eventId],
      );
      return found[0]?.people ?? 0;
    },

    async clashesWith(attendeeId, cafeId) {
      const clashing = await registrationsWhere(
        `r.id in (select o.id from cafe w cross join lateral seats_in_the_way($1, w.starts_at, w.ends_at) o where w.id = $2)`,
        [attendeeId, cafeId],
      );
      return clashing.map(({ id, cafeId: other, startsAt, endsAt }) => ({
        registrationId: id,
        cafeId: other,
        startsAt,
        endsAt,
      }));
    },

    async clashesOfMove(cafeId, startsAt, endsAt) {
      const found = await query<{ registration_id: string; attendee_id: string; other_cafe_id: string }>(
        'select * from seats_clashing($1, $2, $3)',
        [cafeId, startsAt, endsAt],
      );
      return found.map((row) => ({
        registrationId: row.registration_id,
        attendeeId: row.attendee_id,
        otherCafeId: row.other_cafe_id,
      }));
    },
  };
}
