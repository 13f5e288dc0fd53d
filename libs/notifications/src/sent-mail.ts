import type { Database } from '#platform';

/** Which messages were sent, as later messages need it. */
export abstract class SentMail {
  /** The id of the last message before `outboxId` about a registration that was sent to its attendee. */
  abstract lastAbout(registration: { id: string; attendeeId: string }, outboxId: string): Promise<string | undefined>;
}

export function openSentMail({ database: { prisma } }: { database: Database }): SentMail {
  return {
    async lastAbout({ id: registrationId, attendeeId }, outboxId) {
      // The index on the attendees of deliveries finds them; the outbox has none.
      const found = await prisma.emailDelivery.findFirst({
        where: { attendeeId, status: 'sent', outboxId: { lt: outboxId }, outbox: { registrationId } },
        orderBy: { outboxId: 'desc' },
        select: { outboxId: true },
      });
      return found?.outboxId;
    },
  };
}

/**
 * The end of the millisecond in which a message was written, by its id (UUIDv7). The transaction that caused it began before; one that caused
 * a later message begins after it, unless both waited for one lock at that time.
 */
export function writtenBy(outboxId: string): Date {
  return new Date(Number.parseInt(outboxId.replace('-', '').slice(0, 12), 16) + 1);
}
