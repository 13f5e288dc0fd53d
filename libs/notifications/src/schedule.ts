import type { MailKind } from '#contract';
import { type Database, prepared } from '#platform';
import { type AttendeeReader, type DueReader, isReachable } from './readers.ts';

/** Enqueues scheduled messages: reminders, host lists, thanks. */
export abstract class MailSchedule {
  /**
   * Enqueues the messages that are due by the clock of the database. Returns the number of messages. Safe to run in any process, at any
   * time: the messages of one kind about a Café at one time (or about an event) are enqueued once, in the commit that adds the row of
   * `scheduled_mail`.
   */
  abstract enqueueDueMail(): Promise<number>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * When the messages about a Café are sent, in milliseconds before its start: they are due at `dueMs`, and a worker that was down enqueues
 * them until `lateMs`. A person who takes a seat later gets the same information in the confirmation.
 */
const beforeCafe = {
  'reminder-day-before': { dueMs: 24 * HOUR_MS, lateMs: 12 * HOUR_MS },
  'reminder-soon': { dueMs: 30 * MINUTE_MS, lateMs: 0 },
  'host-list': { dueMs: HOUR_MS, lateMs: 0 },
} satisfies Partial<Record<MailKind, { dueMs: number; lateMs: number }>>;
type BeforeCafe = keyof typeof beforeCafe;
const LONGEST_DUE_MS = Math.max(...Object.values(beforeCafe).map(({ dueMs }) => dueMs));
/** When thanks are sent, in milliseconds after the end of the event: at `afterMs`, and until `lateMs` when the worker was down. */
const THANKS = { afterMs: HOUR_MS, lateMs: 7 * 24 * HOUR_MS };

/** Messages of one kind about one Café or event. `registrationIds`: one for each attendee, for kinds about registrations. */
interface DueMessages {
  kind: MailKind;
  subjectId: string;
  aboutAt: string;
  cafeId?: string;
  eventId: string;
  attendeeIds: string[];
  registrationIds?: string[];
}

const ENQUEUE = `
  with due as (
    insert into scheduled_mail (kind, subject_id, about_at) values ($1, $2, $3) on conflict do nothing returning about_at
  ),
  enqueued as (
    insert into outbox (kind, attendee_id, registration_id, cafe_id, event_id, about_at)
    select $1, m.attendee_id, m.registration_id, $4, $5, d.about_at
    from due d, unnest($6::uuid[], $7::uuid[]) as m (attendee_id, registration_id)
    returning id
  ),
  counted as (select count(*)::integer as messages from enqueued)
  select messages, case when messages > 0 then pg_notify('outbox', '') end from counted`;

const keyOf = (kind: string, subjectId: string, aboutAt: string) => `${kind} ${subjectId} ${aboutAt}`;

export function openMailSchedule(options: {
  database: Database;
  due: DueReader;
  attendees: AttendeeReader;
}): MailSchedule {
  const { database, due, attendees } = options;
  const { pool } = database;

  /** The scheduled messages about these Cafés or events that were enqueued before. */
  async function scheduledOf(subjectIds: string[]) {
    if (subjectIds.length === 0) return [];
    const { rows } = await pool.query<{ kind: string; subject_id: string; about_at: Date }>(
      'select kind, subject_id, about_at from scheduled_mail where subject_id = any ($1)',
      [subjectIds],
    );
    return rows;
  }

  async function enqueue({ kind, subjectId, aboutAt, ...of }: DueMessages): Promise<number> {
    const { rows } = await pool.query<{ messages: number }>(
      prepared(ENQUEUE, [
        kind,
        subjectId,
        aboutAt,
        of.cafeId ?? null,
        of.eventId,
        of.attendeeIds,
        of.registrationIds ?? [],
      ]),
    );
    return rows[0]?.messages ?? 0;
  }

  /** The attendees who get a message of this kind about a Café. */
  async function audience(kind: BeforeCafe, cafe: { cafeId: string; eventId: string; roomId: string }) {
    if (kind === 'host-list') return { attendeeIds: await attendees.hostsOf(cafe) };
    const seated = await due.confirmedIn(cafe.cafeId);
    const known = await attendees.attendees(seated.map(({ attendeeId }) => attendeeId));
    const reminded = seated.filter(({ attendeeId }) => {
      const attendee = known.get(attendeeId);
      return isReachable(attendee) && attendee.reminders;
    });
    return {
      attendeeIds: reminded.map(({ attendeeId }) => attendeeId),
      registrationIds: reminded.map(({ registrationId }) => registrationId),
    };
  }

  async function enqueueOfCafes(): Promise<number> {
    const cafes = await due.cafesStartingWithin(LONGEST_DUE_MS);
    const done = new Set<string>();
    for (const { kind, subject_id, about_at } of await scheduledOf(cafes.map(({ cafeId }) => cafeId)))
      done.add(keyOf(kind, subject_id, about_at.toISOString()));
    let messages = 0;
    for (const cafe of cafes) {
      for (const [kind, { dueMs, lateMs }] of Object.entries(beforeCafe) as [
        BeforeCafe,
        (typeof beforeCafe)[BeforeCafe],
      ][]) {
        const isDue = cafe.startsInMs <= dueMs && cafe.startsInMs > lateMs;
        if (!isDue || done.has(keyOf(kind, cafe.cafeId, cafe.startsAt))) continue;
        const about = {
          kind,
          subjectId: cafe.cafeId,
          aboutAt: cafe.startsAt,
          cafeId: cafe.cafeId,
          eventId: cafe.eventId,
        };
        messages += await enqueue({ ...about, ...(await audience(kind, cafe)) });
      }
    }
    return messages;
  }

  async function enqueueOfEvents(): Promise<number> {
    const ended = await due.eventsOver(THANKS.lateMs, THANKS.afterMs);
    // Once for each event, also when one of its Cafés is moved after the event.
    const thanked = await scheduledOf(ended.map(({ eventId }) => eventId));
    const done = new Set(thanked.map(({ subject_id }) => subject_id));
    let messages = 0;
    for (const { eventId, overAt } of ended) {
      if (done.has(eventId)) continue;
      const seated = await due.seatedAt(eventId);
      const known = await attendees.attendees(seated);
      const attendeeIds = seated.filter((id) => isReachable(known.get(id)));
      messages += await enqueue({ kind: 'thanks', subjectId: eventId, aboutAt: overAt, eventId, attendeeIds });
    }
    return messages;
  }

  return {
    async enqueueDueMail() {
      return (await enqueueOfCafes()) + (await enqueueOfEvents());
    },
  };
}
