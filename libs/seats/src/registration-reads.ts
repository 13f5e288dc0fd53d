import type { Receipt } from '#contract';
import type { Database } from '#platform';
import { openQuery, type Query } from './query.ts';
import * as rows from './rows.ts';
import type { OwnedRegistration, SeatClash, TypedName } from './types.ts';

/** Reads registrations, and the names that other people typed with them. */
export class RegistrationReads {
  readonly #query: Query;

  constructor(database: Database) {
    this.#query = openQuery(database.pool);
  }

  /** One registration of any attendee. */
  async registration(registrationId: string): Promise<OwnedRegistration | undefined> {
    return (await this.#where('r.id = $1', [registrationId]))[0];
  }

  /** These registrations, by the start of their Cafés. */
  async registrations(registrationIds: string[]): Promise<OwnedRegistration[]> {
    return registrationIds.length === 0 ? [] : this.#where('r.id = any ($1)', [registrationIds]);
  }

  /**
   * Returns what the claim token of a guest registration shows (table `guest_outcome`): only actions of its person with the mail or the
   * token of this registration.
   */
  async seenByClaimToken(registrationId: string): Promise<OwnedRegistration | undefined> {
    const [row] = await this.#query<rows.ClaimedRow>(rows.selectClaimed, [registrationId]);
    return row && rows.seenByClaimToken(row);
  }

  /**
   * The registrations of a person, by the start of their Cafés: the active ones, open guest registrations in the person's name, and for
   * each other Café the latest one. Ended guest registrations are left out, because the person never confirmed them.
   */
  async registrationsOf(attendeeId: string): Promise<OwnedRegistration[]> {
    return this.#where(
      // Three searches by attendee, each with its own index: active registrations, guest registrations, and the latest registration in each
      // Café that has no active one.
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
    );
  }

  /** Every registration that a person ever had, by the start of their Cafés. */
  everyRegistrationOf(attendeeId: string): Promise<OwnedRegistration[]> {
    return this.#where('r.attendee_id = $1', [attendeeId]);
  }

  /** The receipt of a registration: its rows of the ledger, oldest first. */
  async receiptOf({ id }: OwnedRegistration): Promise<Receipt['events']> {
    const found = await this.#query<{
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
  }

  /** The name that another person typed with the registration, until its person confirms it. */
  async typedName(registrationId: string): Promise<TypedName | undefined> {
    return (await typedNames(this.#query, 'r.id = $1', registrationId)).get(registrationId);
  }

  /** The seats of a person that overlap a Café in time. */
  async clashesWith(attendeeId: string, cafeId: string): Promise<SeatClash[]> {
    const clashing = await this.#where(
      `r.id in (select o.id from cafe w cross join lateral seats_in_the_way($1, w.starts_at, w.ends_at) o where w.id = $2)`,
      [attendeeId, cafeId],
    );
    return clashing.map(({ id, cafeId: other, startsAt, endsAt }) => ({
      registrationId: id,
      cafeId: other,
      startsAt,
      endsAt,
    }));
  }

  /** The registrations of these attendees that changed in these Cafés after the versions given, by the ledger. */
  async changedSince(
    known: { cafeId: string; version: number }[],
    attendeeIds: string[],
  ): Promise<{ registrationId: string; attendeeId: string }[]> {
    const found = await this.#query<{ registration_id: string; attendee_id: string }>(
      // A registration that was made and ended after that version has a later row in the ledger.
      `with known as (select * from unnest($1::uuid[], $2::bigint[]) k (cafe_id, version)),
       -- Materialized, so that it is searched by attendee alone, and not by attendee and Café.
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
  }

  async #where(condition: string, values: unknown[]): Promise<OwnedRegistration[]> {
    const found = await this.#query<rows.RegistrationRow>(
      `${rows.selectRegistration} where ${condition} order by c.starts_at, r.id`,
      values,
    );
    return found.map(rows.registration);
  }
}

/** The typed names of the registrations that meet a condition, by registration id. */
export async function typedNames(query: Query, condition: string, value: string): Promise<Map<string, TypedName>> {
  const found = await query<{ registration_id: string; name: string; organisation: string | null }>(
    `select w.registration_id, w.name, w.organisation
     from typed_name w join registration r on r.id = w.registration_id where ${condition}`,
    [value],
  );
  return new Map(
    found.map(({ registration_id: id, name, organisation }) => [id, { name, ...(organisation && { organisation }) }]),
  );
}
