import type { MailKind } from '#contract';
import { type Database, gather } from '#platform';
import { openQuery } from './query.ts';

/** A message that comes at a time, as the outbox has it. */
export interface ScheduledMessage {
  kind: MailKind;
  attendeeId?: string;
  registrationId?: string;
  cafeId?: string;
  eventId?: string;
  /** Missing of every message that comes at no time of its own. */
  aboutAt?: Date;
}

/** The messages that come at a time: reminders, the hosts' lists, thanks. */
export abstract class ScheduledMail {
  /**
   * Owe what has come due by the database's clock; resolves with how many messages. Safe to run anywhere, at any time: a Café's
   * messages of a kind are owed once, in the commit that says so.
   */
  abstract oweDue(): Promise<number>;
  /** Whether a message is still to be sent: asked again at that moment. True of one that comes at no time of its own. */
  abstract stillDue(message: ScheduledMessage): Promise<boolean>;
}

/**
 * How long before a Café its messages come, and until when a worker that was away makes up for them. Whoever takes a seat after
 * that is told of it by the confirmation.
 */
const ahead = {
  'reminder-day-before': { due: '24 hours', late: '12 hours' },
  'reminder-soon': { due: '30 minutes', late: '0' },
  'host-list': { due: '1 hour', late: '0' },
} satisfies Partial<Record<MailKind, { due: string; late: string }>>;
/** How long after an event its people are thanked, and until when that is made up for. */
const THANKS = { after: '1 hour', late: '7 days' };
/** The most rows whose time to be kept is over that one run deletes. */
const FORGOTTEN_MAX = 1_000;
/** The most messages that are asked about in one statement. */
const BATCH_MESSAGES_MAX = 200;

const oweOfCafes = `
  with due as (
    insert into scheduled_mail (kind, subject_id, about_at)
    select k.kind, c.id, c.starts_at
    from unnest($1::mail_kind[], $2::interval[], $3::interval[]) as k (kind, due, late)
    join cafe c on c.starts_at <= seats_now() + k.due and c.starts_at > seats_now() + k.late
    join cafe_seats s on s.cafe_id = c.id and s.state in ('open', 'closed')
    on conflict do nothing
    returning kind, subject_id, about_at
  ),
  reminded as (
    insert into outbox (kind, attendee_id, registration_id, cafe_id, about_at)
    select d.kind, r.attendee_id, r.id, r.cafe_id, d.about_at
    from due d
    join registration r on r.cafe_id = d.subject_id and r.status = 'confirmed' and r.checked_in_at is null
    join attendee a on a.id = r.attendee_id and a.reminders
    where d.kind <> 'host-list'
    returning id
  ),
  listed as (
    insert into outbox (kind, attendee_id, cafe_id, about_at)
    select distinct d.kind, g.attendee_id, c.id, d.about_at
    from due d join cafe c on c.id = d.subject_id
    join role_grant g on g.role = 'host' and g.room_id = c.room_id
    where d.kind = 'host-list'
    returning id
  ),
  owed as (select count(*)::integer as count from (select from reminded union all select from listed) o)
  select o.count, case when o.count > 0 then pg_notify('outbox', '') end from owed o`;

/** When the last of an event is over: a Café may have been moved beyond its end. */
const overAt = `greatest(e.ends_at, (
  select max(last.ends_at) from cafe last join cafe_seats ls on ls.cafe_id = last.id
  where last.event_id = e.id and ls.state not in ('draft', 'cancelled')
))`;

const oweOfEvents = `
  with due as (
    insert into scheduled_mail (kind, subject_id, about_at)
    select 'thanks', e.id, o.over_at from event e cross join lateral (select ${overAt} as over_at) o
    where o.over_at <= seats_now() - $1::interval and o.over_at > seats_now() - $2::interval
      -- Once, also where a Café is moved after it.
      and not exists (select from scheduled_mail m where m.kind = 'thanks' and m.subject_id = e.id)
    on conflict do nothing
    returning subject_id, about_at
  ),
  thanked as (
    insert into outbox (kind, attendee_id, event_id, about_at)
    select distinct 'thanks'::mail_kind, r.attendee_id, d.subject_id, d.about_at
    from due d join cafe c on c.event_id = d.subject_id
    join registration r on r.cafe_id = c.id and r.status = 'confirmed'
    returning id
  ),
  owed as (select count(*)::integer as count from thanked)
  select o.count, case when o.count > 0 then pg_notify('outbox', '') end from owed o`;

// Cancelled or moved meanwhile, begun, or not wanted any more: it is not sent. (Instants here are to the millisecond.)
const stillDueOf = `
  select m.place, coalesce(case m.kind
    when 'thanks' then date_trunc('milliseconds', ${overAt}) = m.about_at
    when 'host-list' then date_trunc('milliseconds', c.starts_at) = m.about_at and s.state <> 'cancelled' and seats_now() < c.ends_at
      and exists (
        select from role_grant g where g.attendee_id = m.attendee_id and g.role = 'host' and g.room_id = c.room_id
      )
    else r.status = 'confirmed' and r.checked_in_at is null and date_trunc('milliseconds', c.starts_at) = m.about_at
      and s.state <> 'cancelled' and seats_now() < c.starts_at and a.reminders
  end, false) as due
  from unnest($1::mail_kind[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[])
    with ordinality as m (kind, attendee_id, registration_id, cafe_id, event_id, about_at, place)
  left join registration r on r.id = m.registration_id
  left join cafe c on c.id = m.cafe_id
  left join cafe_seats s on s.cafe_id = c.id
  left join attendee a on a.id = m.attendee_id
  left join event e on e.id = m.event_id
  order by m.place`;

export function openScheduledMail({ database }: { database: Database }): ScheduledMail {
  const query = openQuery(database.pool);

  const stillDue = gather<ScheduledMessage, boolean>(
    async (messages) => {
      const found = await query<{ due: boolean }>(stillDueOf, [
        messages.map(({ kind }) => kind),
        messages.map(({ attendeeId }) => attendeeId ?? null),
        messages.map(({ registrationId }) => registrationId ?? null),
        messages.map(({ cafeId }) => cafeId ?? null),
        messages.map(({ eventId }) => eventId ?? null),
        messages.map(({ aboutAt }) => aboutAt ?? null),
      ]);
      return found.map(({ due }) => due);
    },
    { batchMax: BATCH_MESSAGES_MAX },
  );

  return {
    async oweDue() {
      const [ofCafes] = await query<{ count: number }>(oweOfCafes, [
        Object.keys(ahead),
        Object.values(ahead).map(({ due }) => due),
        Object.values(ahead).map(({ late }) => late),
      ]);
      const [ofEvents] = await query<{ count: number }>(oweOfEvents, [THANKS.after, THANKS.late]);
      await query('select scheduled_mail_forget($1)', [FORGOTTEN_MAX]);
      return (ofCafes?.count ?? 0) + (ofEvents?.count ?? 0);
    },

    stillDue: async (message) => !message.aboutAt || stillDue(message),
  };
}
