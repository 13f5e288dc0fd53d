import { MailKind } from '#contract';

/** A message of the outbox, leased to one worker. */
export interface OutboxMail {
  outboxId: string;
  kind: MailKind;
  attendeeId?: string;
  registrationId?: string;
  challengeId?: string;
  delegationId?: string;
  cafeId?: string;
  eventId?: string;
  /** For scheduled messages: the start of the Café, or the end of the event, for which the message was scheduled. */
  aboutAt?: Date;
  /** The Message-ID without angle brackets. It is the same for every attempt. */
  messageId: string;
  /** When the message was leased, by the clock of the database. */
  takenAt: Date;
  /** When the first attempt was made, or shortly before that. */
  triedSince: Date;
}

/** A row of the outbox with its delivery, as SQL returns it. `message_id` is null when another worker holds the lease. */
export interface OutboxMailRow {
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
 * The row has a kind of message that this build does not know, because a newer build wrote it or code is missing. The message stays in the
 * outbox until a build that knows the kind sends it.
 */
export class UnknownMailKind extends Error {
  readonly outboxId: string;
  readonly kind: string;

  constructor(outboxId: string, kind: string) {
    super(`the message kind ${kind} is unknown to this build`);
    this.name = 'UnknownMailKind';
    this.outboxId = outboxId;
    this.kind = kind;
  }
}

/** @returns UnknownMailKind when the kind of the row is not in the contract */
export function outboxMail(row: OutboxMailRow): OutboxMail | UnknownMailKind {
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
