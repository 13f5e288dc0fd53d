import { MailKind } from '#contract';

/** One message that is owed: a row of the outbox, and the delivery of it that one worker has in hand. */
export interface OwedMail {
  outboxId: string;
  kind: MailKind;
  attendeeId?: string;
  registrationId?: string;
  challengeId?: string;
  delegationId?: string;
  cafeId?: string;
  eventId?: string;
  /** Of a message that comes at a time: the Café's start or the event's end that it was decided on. */
  aboutAt?: Date;
  /** The same for every attempt, without angle brackets. */
  messageId: string;
  /** When it was taken. By the database's clock, as every time that it may be compared with. */
  takenAt: Date;
  /** When it was first tried, or a little earlier. */
  triedSince: Date;
}

/** A row of the outbox with its delivery, as SQL returns it. `message_id` is null where the lease is another worker's. */
export interface OwedRow {
  id: string;
  kind: string;
  attendee_id: string | null;
  registration_id: string | null;
  challenge_id: string | null;
  delegation_id: string | null;
  cafe_id: string | null;
  event_id: string | null;
  about_at: Date | null;
  message_id: string | null;
  taken_at: Date;
  tried_since: Date;
}

/**
 * The database names a kind of message that this build does not know: a newer build wrote the row, or code is missing. The message stays
 * owed until a build that knows its kind takes it.
 */
export class UnknownMailKind extends Error {
  readonly outboxId: string;
  readonly kind: string;

  constructor(outboxId: string, kind: string) {
    super(`no message of the kind ${kind} is known here`);
    this.name = 'UnknownMailKind';
    this.outboxId = outboxId;
    this.kind = kind;
  }
}

/** @returns UnknownMailKind where the kind of the row is not one of the contract */
export function owedMail(row: OwedRow): OwedMail | UnknownMailKind {
  const kind = MailKind.safeParse(row.kind);
  if (!kind.success) return new UnknownMailKind(row.id, row.kind);
  return {
    outboxId: row.id,
    kind: kind.data,
    attendeeId: row.attendee_id ?? undefined,
    registrationId: row.registration_id ?? undefined,
    challengeId: row.challenge_id ?? undefined,
    delegationId: row.delegation_id ?? undefined,
    cafeId: row.cafe_id ?? undefined,
    eventId: row.event_id ?? undefined,
    aboutAt: row.about_at ?? undefined,
    messageId: row.message_id ?? '',
    takenAt: row.taken_at,
    triedSince: row.tried_since,
  };
}
