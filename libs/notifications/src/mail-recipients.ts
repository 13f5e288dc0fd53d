import { batchLoader, type Database } from '#platform';
import type { ReachableAttendee } from './readers.ts';

/** The most recipients that one statement reads. */
const BATCH_MAX = 200;

/** The data of the last message about a seat of an erased attendee. */
export interface MailRecipient {
  /** The attendee, with the values at the time of the erasure. */
  attendee: ReachableAttendee;
  cafeId: string;
  /** The number of the calendar entry. It is higher than that of every earlier message. */
  sequence: number;
}

/**
 * The recipients of the last messages to erased attendees. A recipient is stored from the erasure until its message is sent, given up or
 * dropped (docs/adr/0032).
 */
export abstract class MailRecipients {
  /** Undefined where the message has no such recipient. */
  abstract of(outboxId: string): Promise<MailRecipient | undefined>;
}

export function openMailRecipients({ database: { prisma } }: { database: Database }): MailRecipients {
  return {
    of: batchLoader(
      async (outboxIds: readonly string[]) => {
        const rows = await prisma.mailRecipient.findMany({
          where: { outboxId: { in: [...outboxIds] } },
          include: { outbox: { select: { attendeeId: true } } },
        });
        const found = new Map(rows.map((row) => [row.outboxId, recipientOf(row, row.outbox.attendeeId ?? '')]));
        return outboxIds.map((id) => found.get(id));
      },
      { batchMax: BATCH_MAX },
    ),
  };
}

interface RecipientRow {
  name: string;
  email: string;
  locale: string;
  cafeId: string;
  sequence: bigint;
}

function recipientOf({ name, email, locale, cafeId, sequence }: RecipientRow, attendeeId: string): MailRecipient {
  // The attendee was signed in when the account was erased, so the address is proved.
  const proved = true;
  return {
    attendee: {
      attendeeId,
      name,
      email,
      locale: locale as ReachableAttendee['locale'],
      proved,
      reminders: false,
      laterMails: false,
    },
    cafeId,
    sequence: Number(sequence),
  };
}
