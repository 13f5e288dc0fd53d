import { expect } from '@jest/globals';
import type { SeatChange } from '#contract';
import { type Database, openDatabase } from '#platform';
import { auditSeats, type ClaimAnswer } from '#seats';
import { createTestDatabase } from './index.ts';
import { openOutboxBatches } from './outbox.ts';
import { openSeats, type Seats } from './seats.ts';

/** The seat engine on a separate database, with helpers for several tests. */
export interface SeatDesk {
  database: Database;
  seats: Seats;
  /** The published changes, oldest first. */
  published: SeatChange[];
  /** Claims a seat for each attendee, one after the other. */
  claimInTurn(cafeId: string, attendeeIds: string[], how?: { guest: boolean }): Promise<ClaimAnswer[]>;
  /** The registrations of a Café and their status. */
  statusesIn(cafeId: string): Promise<Map<string, string>>;
  registrationIn(cafeId: string, attendeeId: string | undefined): Promise<string>;
  /** The kinds of mail to an attendee that are enqueued or were sent, oldest first. */
  mailKindsOf(attendeeId: string | undefined): Promise<string[]>;
  /** Expects that the counts equal a recount, and that the ledger agrees with the tables. */
  expectCountersEqualRecounts(): Promise<void>;
  /** Ends the ten seconds of every pending change, and applies the changes. */
  applyPending(): Promise<void>;
  /** Moves the start of an empty Café to this number of minutes from now. */
  startIn(cafeId: string, minutes: number): Promise<void>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<SeatDesk> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase({ url: testDatabase.url, connectionsMax: 8, applicationName: 'seat-desk' });
  const published: SeatChange[] = [];
  const seats = openSeats({ database, holdTtlMinutes: 30, onChanged: (changed) => published.push(changed) });
  return {
    database,
    seats,
    published,
    async claimInTurn(cafeId, attendeeIds, { guest } = { guest: false }) {
      const answers = [];
      for (const attendeeId of attendeeIds) answers.push(await seats.claims.claim({ cafeId, attendeeId, guest }));
      return answers;
    },
    async statusesIn(cafeId) {
      const attendance = await seats.attendance.attendanceOf(cafeId);
      // The list of a cancelled Café keeps registrations that ended with it.
      const active = attendance?.people.filter(({ status }) => status !== 'cancelled') ?? [];
      return new Map(active.map((person) => [person.attendeeId, person.status]));
    },
    async registrationIn(cafeId, attendeeId) {
      const entry = (await seats.attendance.attendanceOf(cafeId))?.people.find(
        (person) => person.attendeeId === attendeeId,
      );
      return entry?.registrationId as string;
    },
    async mailKindsOf(attendeeId) {
      await openOutboxBatches(database.pool);
      const kinds = await database.pool.query('select kind from outbox where attendee_id = $1 order by id', [
        attendeeId,
      ]);
      return kinds.rows.map((row) => row.kind);
    },
    async expectCountersEqualRecounts() {
      expect((await auditSeats(database)).differences).toEqual([]);
    },
    async applyPending() {
      await database.pool.query('update pending_change set applies_at = seats_now()');
      await seats.pending.applyDue();
    },
    async startIn(cafeId, minutes) {
      await database.pool.query(
        `update cafe set ends_at = at + (ends_at - starts_at), starts_at = at
         from (select date_trunc('minute', now()) + make_interval(mins => $2) as at) moved where id = $1`,
        [cafeId, minutes],
      );
    },
    async close() {
      await database.close();
      await testDatabase.drop();
    },
  };
}
