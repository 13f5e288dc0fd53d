import { MailError } from '#mail';
import { OverBudget, UnknownMailKind } from '#notifications';

/** A message that could not be sent for so long is given up, in milliseconds. */
export const GIVEN_UP_AFTER_MS = 24 * 3_600_000;

/** Another worker has this message in hand. When that is gone, it is ours to send. */
export class LeasedElsewhere extends Error {
  constructor() {
    super('another worker has this message');
    this.name = 'LeasedElsewhere';
  }
}

/** This installation sends no mail now (`MailSwitch`). */
export class MailIsOff extends Error {
  constructor() {
    super('mail is off');
    this.name = 'MailIsOff';
  }
}

/** Over so long after the hour the messages that waited for it are spread, in milliseconds. */
const AFTER_THE_HOUR_MS = 60_000;

/** Pauses between attempts, in milliseconds: the first, doubled with each attempt up to the last. */
const pauses = {
  /** The server said not now: it counts how often it is asked. */
  busy: { firstMs: 5_000, maxMs: 15 * 60_000 },
  /** The server is away: the first who gets through finds out. */
  connection: { firstMs: 1_000, maxMs: 60_000 },
  leased: { firstMs: 2_000, maxMs: 15_000 },
  /** A build that knows the kind takes the message, or comes. */
  unknown: { firstMs: 1_000, maxMs: 60_000 },
  /** The operator may switch it on at any time. */
  off: { firstMs: 5_000, maxMs: 5_000 },
  /** Not about mail: our database, or an error of ours. */
  other: { firstMs: 1_000, maxMs: 60_000 },
};

/**
 * How long to wait before a message is tried again, in milliseconds, by why its attempt failed.
 * @param attempt 1 after the first.
 * @param chance between 0 and 1: up to half of the pause is chance, so that not all come back at once.
 */
export function pauseAfter(error: Error | undefined, attempt: number, chance: number): number {
  if (error instanceof OverBudget) return error.waitMs + chance * AFTER_THE_HOUR_MS;
  const { firstMs, maxMs } = pauses[kindOf(error)];
  return Math.min(maxMs, firstMs * 2 ** (attempt - 1)) * (0.5 + chance / 2);
}

function kindOf(error: Error | undefined): keyof typeof pauses {
  if (error instanceof LeasedElsewhere) return 'leased';
  if (error instanceof MailIsOff) return 'off';
  if (error instanceof UnknownMailKind) return 'unknown';
  if (error instanceof MailError && error.kind !== 'refused') return error.kind;
  return 'other';
}
