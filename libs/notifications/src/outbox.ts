import { MailKind } from '#contract';
import type { Database, Prisma } from '#platform';
import {
  type Backlog,
  countMessages,
  countMessagesByEvent,
  type MessageCounts,
  readBacklog,
} from './message-counts.ts';

/** A message that was given up. */
export interface UndeliveredOf {
  outboxId: string;
  kind: MailKind;
  registrationId?: string;
  /** When it was given up; ISO 8601. */
  at: string;
  /** The answer of the mail server. */
  reason: string;
}

/** An undelivered message with its attendee and the number of attempts, for organisers. */
export interface Undelivered extends UndeliveredOf {
  attendeeId: string;
  attempts: number;
}

/** A message to an attendee, with its status. */
export interface MessageTo {
  kind: MailKind;
  status: 'queued' | 'sent' | 'deferred' | 'bounced';
  /** When the status was recorded; ISO 8601. */
  at: string;
}

/** The status of messages: for attendees, for organisers and for metrics. */
export abstract class Outbox {
  /** Enqueues once more a message that was given up. Returns false when the event has no such message. */
  abstract sendAgain(outboxId: string, eventId: string): Promise<boolean>;
  /** The messages of an event that were given up, latest first, at most 200. */
  abstract undelivered(eventId: string): Promise<Undelivered[]>;
  /** The messages to an attendee that were given up in the last 30 days, latest first, at most 200. */
  abstract undeliveredTo(attendeeId: string): Promise<UndeliveredOf[]>;
  /** The messages to an attendee that are still stored and were attempted, oldest first. */
  abstract messagesTo(attendeeId: string): Promise<MessageTo[]>;
  /**
   * Deletes every message to a person, with the answers of mail servers. A message that removes a seat of an erased attendee from a
   * calendar stays until it is sent (MailRecipients).
   */
  abstract eraseMessagesTo(attendeeId: string): Promise<void>;
  /** The messages of the installation, for metrics. */
  abstract counts(): Promise<MessageCounts>;
  /** The messages about an event, for its organisers. */
  abstract countsOf(eventId: string): Promise<MessageCounts>;
  /** The messages about each of these events, in one read. */
  abstract countsByEvent(eventIds: readonly string[]): Promise<Map<string, MessageCounts>>;
  abstract backlog(): Promise<Backlog>;
}

/** How long an attendee sees a message that was given up, in days. */
const TOLD_FOR_DAYS = 30;
/** The most messages in a list. */
const LISTED_MAX = 200;

// The day of attempts starts again.
const SEND_AGAIN = `
  with delivery as (
    update email_delivery d set status = 'queued', updated_at = now()
    where d.outbox_id = $1 and d.status = 'bounced' and d.event_id = $2
    returning d.outbox_id
  ),
  enqueued as (
    update outbox o set done_at = null, queued_at = null, created_at = now()
    from delivery d where o.id = d.outbox_id
    returning o.id
  )
  select pg_notify('outbox', '') from enqueued`;

export function openOutbox({ database }: { database: Database }): Outbox {
  const { pool, prisma } = database;
  const bounced = { status: 'bounced' } as const;
  const latestFirst = { include: { outbox: true }, orderBy: { updatedAt: 'desc' }, take: LISTED_MAX } as const;

  return {
    async sendAgain(outboxId, eventId) {
      return (await pool.query(SEND_AGAIN, [outboxId, eventId])).rowCount === 1;
    },

    async undelivered(eventId) {
      const found = await prisma.emailDelivery.findMany({
        where: { ...bounced, eventId, attendeeId: { not: null } },
        ...latestFirst,
      });
      return found.map((row) => ({ ...undelivered(row), attendeeId: row.attendeeId ?? '', attempts: row.attempts }));
    },

    async undeliveredTo(attendeeId) {
      const since = new Date(Date.now() - TOLD_FOR_DAYS * 24 * 3_600_000);
      const found = await prisma.emailDelivery.findMany({
        where: { ...bounced, attendeeId, updatedAt: { gt: since } },
        ...latestFirst,
      });
      return found.map(undelivered);
    },

    async messagesTo(attendeeId) {
      const found = await prisma.emailDelivery.findMany({
        where: { attendeeId },
        include: { outbox: true },
        orderBy: { outboxId: 'asc' },
      });
      return found.map(({ outbox, status, updatedAt }) => ({
        kind: mailKindOf(outbox.kind),
        status,
        at: updatedAt.toISOString(),
      }));
    },

    async eraseMessagesTo(attendeeId) {
      await prisma.outbox.deleteMany({ where: { delivery: { is: { attendeeId } }, recipient: { is: null } } });
    },

    counts: () => countMessages(pool),
    countsOf: async (eventId) => (await countMessagesByEvent(pool, [eventId])).get(eventId) as MessageCounts,
    countsByEvent: (eventIds) => countMessagesByEvent(pool, eventIds),
    backlog: () => readBacklog(pool),
  };
}

type DeliveryRow = Prisma.EmailDeliveryGetPayload<{ include: { outbox: true } }>;

function undelivered({ outboxId, outbox, updatedAt, lastFault }: DeliveryRow): UndeliveredOf {
  return {
    outboxId,
    kind: mailKindOf(outbox.kind),
    ...(outbox.registrationId && { registrationId: outbox.registrationId }),
    at: updatedAt.toISOString(),
    reason: lastFault ?? '',
  };
}

/** Prisma names a kind in camel case; the contract and the database use hyphens. @throws Error when the kind is not in the contract */
function mailKindOf(kind: DeliveryRow['outbox']['kind']): MailKind {
  return MailKind.parse(kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}
