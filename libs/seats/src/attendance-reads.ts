import type { NoShowRelease } from '#contract';
import type { Database } from '#platform';
import { openQuery, type Query } from './query.ts';
import { typedNames } from './registration-reads.ts';
import * as rows from './rows.ts';
import type { AttendanceEntry, CafeAttendance, TypedName } from './types.ts';

/** Reads data for hosts and organisers: the attendance of a Café, and the counts of an event. */
export class AttendanceReads {
  readonly #query: Query;

  constructor(database: Database) {
    this.#query = openQuery(database.pool);
  }

  /**
   * The people of a Café with a seat or a waitlist place: the seats first, then the waitlist in its order. A cancelled Café keeps those whose
   * registration ended with it, so that they can be called.
   */
  async attendanceOf(cafeId: string): Promise<CafeAttendance | undefined> {
    const found = await this.#query<rows.CafeRow>(`${rows.selectCafe} where c.id = any ($1)`, [[cafeId]]);
    if (!found[0]) return undefined;
    const [release] = await this.#query<{ releasable_from: Date; releases: NoShowRelease[] | null }>(
      `select c.starts_at + make_interval(mins => e.no_show_grace_minutes) as releasable_from,
         (
           select json_agg(${rows.pendingChange} || jsonb_build_object('registrationIds', p.registration_ids) order by p.id)
           from pending_change p where p.cafe_id = c.id and p.cause = 'no-show' and p.applies_at > seats_now()
         ) as releases
       from cafe c join event e on e.id = c.event_id where c.id = $1`,
      [cafeId],
    );
    if (!release) return undefined;
    const people = await this.#query<rows.RegistrationRow & { delegated_by: string | null }>(
      `select n.*, d.attendee_id as delegated_by
       from (
         ${rows.selectRegistration}
         where r.cafe_id = $1 and (
           r.status in ('held', 'offered', 'confirmed') or r.status = 'waitlisted' or (r.status = 'cancelled' and r.cause = 'cafe-cancelled')
         )
       ) n
       join registration r on r.id = n.id
       left join delegation d on d.id = r.delegation_id and n.guest
       order by r.status = 'waitlisted', r.waitlist_number, r.id`,
      [cafeId],
    );
    const typed = await typedNames(this.#query, 'r.cafe_id = $1', cafeId);
    // The rows are in the order of the waitlist, so positions are counted here.
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
  }

  /** The number of registrations of an event that were made in each minute, oldest first. Minutes without a registration are left out. */
  async registrationsOverTime(eventId: string): Promise<{ minute: string; count: number }[]> {
    const found = await this.#query<{ minute: Date; count: number }>(
      `select date_trunc('minute', r.created_at) as minute, count(*)::integer as count
       from registration r join cafe c on c.id = r.cafe_id where c.event_id = $1 group by 1 order by 1 desc limit 10080`,
      [eventId],
    );
    return found.reverse().map(({ minute, count }) => ({ minute: minute.toISOString(), count }));
  }

  /** The number of different people with a seat or a waitlist place at an event. */
  async peopleOf(eventId: string): Promise<number> {
    const found = await this.#query<{ people: number }>(
      `select count(distinct r.attendee_id)::integer as people from registration r join cafe c on c.id = r.cafe_id
       where c.event_id = $1 and r.status in ('held', 'offered', 'confirmed', 'waitlisted')`,
      [eventId],
    );
    return found[0]?.people ?? 0;
  }

  /** The seats that would overlap another seat of their person if the Café took place at another time: one entry for each. */
  async clashesOfMove(
    cafeId: string,
    startsAt: string,
    endsAt: string,
  ): Promise<{ registrationId: string; attendeeId: string; otherCafeId: string }[]> {
    const found = await this.#query<{ registration_id: string; attendee_id: string; other_cafe_id: string }>(
      'select * from seats_clashing($1, $2, $3)',
      [cafeId, startsAt, endsAt],
    );
    return found.map((row) => ({
      registrationId: row.registration_id,
      attendeeId: row.attendee_id,
      otherCafeId: row.other_cafe_id,
    }));
  }
}
