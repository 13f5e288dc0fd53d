import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OutboxMail, openMailSchedule } from '#notifications';
import { ScheduleReads } from '#seats';
import { buildEvent, buildPeople, buildStrangers } from '../../../../test/support/build.ts';
import { openTestMailData } from '../../../../test/support/mail-data.ts';
import { openDesk, type SeatDesk } from '../../../../test/support/seat-desk.ts';

let desk: SeatDesk;
let enqueueDueMail: () => Promise<number>;
/** Whether a scheduled message is still due when it is written. */
let isStillDue: (mail: OutboxMail | undefined) => Promise<boolean>;

beforeAll(async () => {
  desk = await openDesk();
  const { database } = desk;
  const { data, attendees } = openTestMailData(desk);
  const schedule = openMailSchedule({ database, due: new ScheduleReads(database), attendees });
  enqueueDueMail = () => schedule.enqueueDueMail();
  isStillDue = async (mail) => (await data.read(mail as OutboxMail)) !== undefined;
});

afterAll(() => desk?.close());

/** A Café with a late start and `count` confirmed seats. */
async function seated(count: number) {
  const { pool } = desk.database;
  const { cafeIds, roomIds, eventId } = await buildEvent(pool, [{ seats: 10, startsAfterMinutes: 3 * 24 * 60 }]);
  const cafeId = cafeIds[0] as string;
  const people = await buildPeople(pool, count);
  await desk.claimInTurn(cafeId, people);
  return { cafeId, roomId: roomIds[0] as string, eventId, people };
}

/** The scheduled messages to an attendee, oldest first, as a lease would return them now. */
async function scheduledFor(attendeeId: string | undefined): Promise<OutboxMail[]> {
  const found = await desk.database.pool.query(
    `select id as "outboxId", kind, attendee_id as "attendeeId", registration_id as "registrationId", cafe_id as "cafeId",
       event_id as "eventId", about_at as "aboutAt", id || '@localhost' as "messageId", now() as "takenAt", created_at as "triedSince"
     from outbox where attendee_id = $1 and about_at is not null order by id`,
    [attendeeId],
  );
  return found.rows;
}

const kindsFor = async (attendeeId: string | undefined) => (await scheduledFor(attendeeId)).map(({ kind }) => kind);

describe('a reminder', () => {
  it('is enqueued the day before and half an hour before, once for several workers', async () => {
    const { cafeId, people } = await seated(2);
    const [ada, grace] = people;
    await enqueueDueMail();
    expect(await kindsFor(ada)).toEqual([]);
    await desk.startIn(cafeId, 23 * 60);
    await Promise.all([enqueueDueMail(), enqueueDueMail(), enqueueDueMail()]);
    await enqueueDueMail();
    expect(await kindsFor(ada)).toEqual(['reminder-day-before']);
    await desk.startIn(cafeId, 25);
    await Promise.all([enqueueDueMail(), enqueueDueMail()]);
    expect(await kindsFor(ada)).toEqual(['reminder-day-before', 'reminder-soon']);
    expect(await kindsFor(grace)).toEqual(['reminder-day-before', 'reminder-soon']);
  });

  it('is not enqueued for a person who turned reminders off, is waitlisted, or took the seat after the time of the reminder', async () => {
    const { cafeId, people } = await seated(1);
    const [quiet] = people;
    await desk.database.pool.query('update attendee set reminders = false where id = $1', [quiet]);
    await desk.startIn(cafeId, 25);
    await enqueueDueMail();
    const [late] = await buildPeople(desk.database.pool, 1);
    await desk.claimInTurn(cafeId, [late as string]);
    await enqueueDueMail();
    expect([await kindsFor(quiet), await kindsFor(late)]).toEqual([[], []]);
  });

  it('is not sent after the seat was given back, the Café moved, began or was cancelled, or the person turned reminders off', async () => {
    const cases: [string, (cafeId: string, attendeeId: string) => Promise<unknown>][] = [
      ['given back', async (cafeId, id) => desk.seats.registrations.cancel(await desk.registrationIn(cafeId, id), id)],
      ['moved', (cafeId) => desk.startIn(cafeId, 26)],
      ['begun', (cafeId) => desk.startIn(cafeId, -1)],
      ['cancelled', (cafeId) => desk.seats.cafes.changeCafe(cafeId, { state: 'cancelled' })],
      ['off', (_, id) => desk.database.pool.query('update attendee set reminders = false where id = $1', [id])],
    ];
    for (const [what, change] of cases) {
      const { cafeId, people } = await seated(1);
      await desk.startIn(cafeId, 25);
      await enqueueDueMail();
      const [mail] = await scheduledFor(people[0]);
      expect([what, await isStillDue(mail)]).toEqual([what, true]);
      await change(cafeId, people[0] as string);
      expect([what, await isStillDue(mail)]).toEqual([what, false]);
    }
  });

  it('is enqueued again for the new time of a Café that was moved', async () => {
    const { cafeId, people } = await seated(1);
    await desk.startIn(cafeId, 25);
    await enqueueDueMail();
    await desk.startIn(cafeId, 28);
    await enqueueDueMail();
    const mail = await scheduledFor(people[0]);
    expect(mail.map(({ kind }) => kind)).toEqual(['reminder-soon', 'reminder-soon']);
    expect(await Promise.all(mail.map(isStillDue))).toEqual([false, true]);
  });
});

describe('a walk-in without an address', () => {
  it('gets no reminder and no thanks', async () => {
    const { pool } = desk.database;
    const { cafeId, eventId, people } = await seated(1);
    const [stranger = ''] = await buildStrangers(pool, 1);
    await desk.seats.checkIns.walkIn({ cafeId, attendeeId: stranger, by: people[0] as string });
    const [seat] = await desk.seats.reads.registrationsOf(stranger);
    // Not checked in, with a seat: no function of the engine does that.
    await pool.query('update registration set checked_in_at = null where id = $1', [seat?.id]);
    await desk.startIn(cafeId, 25);
    await enqueueDueMail();
    expect([await kindsFor(people[0]), await kindsFor(stranger)]).toEqual([['reminder-soon'], []]);
    await pool.query(
      `update event set starts_at = now() - interval '2 days', ends_at = now() - interval '2 hours' where id = $1`,
      [eventId],
    );
    await desk.startIn(cafeId, -150);
    await enqueueDueMail();
    expect([await kindsFor(people[0]), await kindsFor(stranger)]).toEqual([['reminder-soon', 'thanks'], []]);
  });

  it('gets no message that another build enqueued', async () => {
    const { cafeId, people } = await seated(1);
    const [stranger = ''] = await buildStrangers(desk.database.pool, 1);
    await desk.seats.checkIns.walkIn({ cafeId, attendeeId: stranger, by: people[0] as string });
    await desk.startIn(cafeId, 25);
    await enqueueDueMail();
    const [mail] = await scheduledFor(people[0]);
    expect(await isStillDue(mail)).toBe(true);
    expect(
      await isStillDue({ ...(mail as OutboxMail), kind: 'thanks', attendeeId: stranger, aboutAt: undefined }),
    ).toBe(false);
  });
});

describe('the list of a Café', () => {
  it('is enqueued for the hosts of the room, and not sent to a person who is no longer host', async () => {
    const { cafeId, roomId, eventId } = await seated(1);
    const [host, stranger] = await buildPeople(desk.database.pool, 2);
    await desk.database.pool.query(
      `insert into role_grant (attendee_id, role, event_id, room_id) values ($1, 'host', $2, $3)`,
      [host, eventId, roomId],
    );
    await desk.startIn(cafeId, 50);
    await enqueueDueMail();
    expect([await kindsFor(host), await kindsFor(stranger)]).toEqual([['host-list'], []]);
    const [mail] = await scheduledFor(host);
    expect(await isStillDue(mail)).toBe(true);
    await desk.database.pool.query('delete from role_grant where attendee_id = $1', [host]);
    expect(await isStillDue(mail)).toBe(false);
  });

  it('is enqueued for the hosts of the new room after a move in the last hour, and not sent to the hosts of the old room', async () => {
    const { pool } = desk.database;
    const { eventId, roomIds, cafeIds } = await buildEvent(pool, [{ seats: 10 }, { seats: 10, room: 1 }]);
    const cafeId = cafeIds[0] as string;
    const [before, after] = (await buildPeople(pool, 2)) as [string, string];
    await pool.query(
      `insert into role_grant (attendee_id, role, event_id, room_id)
       select attendee_id, 'host', $1, room_id from unnest($2::uuid[], $3::uuid[]) as host (attendee_id, room_id)`,
      [eventId, [before, after], roomIds],
    );
    await desk.startIn(cafeId, 50);
    await enqueueDueMail();
    const [cafe] = (await pool.query('select starts_at, ends_at from cafe where id = $1', [cafeId])).rows;
    const where = { startsAt: cafe.starts_at.toISOString(), endsAt: cafe.ends_at.toISOString(), capacity: 10 };
    await desk.seats.cafes.moveCafe(cafeId, { ...where, roomId: roomIds[1] as string, excess: 'refuse' }, after);
    await enqueueDueMail();
    expect([await kindsFor(before), await kindsFor(after)]).toEqual([['host-list'], ['host-list']]);
    const stillDue = async (host: string) => isStillDue((await scheduledFor(host))[0]);
    expect([await stillDue(before), await stillDue(after)]).toEqual([false, true]);
  });
});

describe('thanks', () => {
  it('are enqueued once, after the whole event, for all attendees with a seat in any of its Cafés', async () => {
    const { cafeId, eventId, people } = await seated(2);
    const [given] = people;
    const [mine] = await desk.seats.reads.registrationsOf(given as string);
    await desk.seats.registrations.cancel(mine?.id as string, given as string);
    await enqueueDueMail();
    expect(await kindsFor(people[1])).toEqual([]);
    await desk.database.pool.query(
      `update event set starts_at = now() - interval '2 days', ends_at = now() - interval '2 hours' where id = $1`,
      [eventId],
    );
    await enqueueDueMail();
    // One of its Cafés ends after the event.
    expect(await kindsFor(people[1])).toEqual([]);
    await desk.startIn(cafeId, -150);
    await Promise.all([enqueueDueMail(), enqueueDueMail()]);
    expect([await kindsFor(given), await kindsFor(people[1])]).toEqual([[], ['thanks']]);
    const [mail] = await scheduledFor(people[1]);
    expect(await isStillDue(mail)).toBe(true);
    // A Café is moved to a time after the event, and ends again.
    await desk.startIn(cafeId, -120);
    await enqueueDueMail();
    expect(await kindsFor(people[1])).toEqual(['thanks']);
  });
});
