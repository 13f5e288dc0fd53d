import { MailError } from '#mail';
import { OverBudget, UnknownMailKind } from '#notifications';

/** How long after its first attempt a message is given up if it could not be sent, in milliseconds. */
export const GIVEN_UP_AFTER_MS = 24 * 3_600_000;

/** Thrown when another worker holds the lease of this message. If that worker ends, this one sends the message. */
export class LeasedByOtherWorker extends Error {
  constructor() {
    super('another worker has this message');
    this.name = 'LeasedByOtherWorker';
  }
}

/** Thrown when this installation sends no mail now (`MailSwitch`). */
export class MailSwitchedOff extends Error {
  constructor() {
    super('mail is off');
    this.name = 'MailSwitchedOff';
  }
}

/** The period after the hour over which the messages that waited for the budget are spread, in milliseconds. */
const AFTER_THE_HOUR_MS = 60_000;

/** The pauses between attempts, in milliseconds: the first pause, and the maximum after doubling. */
const pauses = {
  /** The mail server refused temporarily. Some servers count attempts, so the pauses are long. */
  busy: { firstMs: 5_000, maxMs: 15 * 60_000 },
  /** The mail server is unavailable. */
  connection: { firstMs: 1_000, maxMs: 60_000 },
  leased: { firstMs: 2_000, maxMs: 15_000 },
  /** A worker of another build, which supports the kind, may take the message. */
  unknown: { firstMs: 1_000, maxMs: 60_000 },
  /** The operator may switch mail on at any time. */
  off: { firstMs: 5_000, maxMs: 5_000 },
  /** The error is not about mail: the database is unavailable, or the code has an error. */
  other: { firstMs: 1_000, maxMs: 60_000 },
};

/**
 * The pause before the next attempt to send a message, in milliseconds, by the error of the last one.
 * @param attempt 1 after the first attempt
 * @param chance a random number between 0 and 1: up to half of the pause is random, so that the attempts are not simultaneous
 */
export function pauseAfter(error: Error | undefined, attempt: number, chance: number): number {
  if (error instanceof OverBudget) return error.waitMs + chance * AFTER_THE_HOUR_MS;
  const { firstMs, maxMs } = pauses[kindOf(error)];
  return Math.min(maxMs, firstMs * 2 ** (attempt - 1)) * (0.5 + chance / 2);
}

function kindOf(error: Error | undefined): keyof typeof pauses {
  if (error instanceof LeasedByOtherWorker) return 'leased';
  if (error instanceof MailSwitchedOff) return 'off';
  if (error instanceof UnknownMailKind) return 'unknown';
  if (error instanceof MailError && error.kind !== 'refused') return error.kind;
  return 'other';
}
