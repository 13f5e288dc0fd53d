import { ProblemError } from '#contract';
import { FOREIGN_KEY_VIOLATION } from './query.ts';

/** The outcomes of the SQL functions that are problem codes. */
const refusals = [
  'registration-not-found',
  'registration-over',
  'cafe-not-found',
  'cafe-not-open',
  'cafe-full',
  'room-not-found',
  'room-full',
  'ends-before-start',
  'ends-before-now',
  'move-clashes',
  'same-cafe',
  'already-registered',
  'offer-expired',
  'offer-accepted',
  'no-offer',
  'undo-over',
  'cafe-cancelled',
  'idempotency-mismatch',
] as const;

/** @throws ProblemError when the outcome is a problem code */
export function refuse(outcome: string | undefined): void {
  const refusal = refusals.find((code) => code === outcome);
  if (refusal) throw new ProblemError(refusal);
}

/**
 * Returns the outcome of a function when it is one of `known`.
 * @throws ProblemError when the outcome is a problem code
 * @throws Error for any other outcome: the function is of another build, and an unknown outcome must not be answered as a success
 */
export function outcomeOf<Outcome extends string>(outcome: string | undefined, known: readonly Outcome[]): Outcome {
  refuse(outcome);
  const found = known.find((each) => each === outcome);
  if (!found) throw new Error(`a seat function returned an unknown outcome: ${outcome}`);
  return found;
}

/**
 * Answers `busy` when an attendee was erased during an insert of registrations. A retry creates the attendee again.
 * @throws ProblemError `busy`
 */
export function busyIfErased(error: { code?: string }): never {
  throw error.code === FOREIGN_KEY_VIOLATION ? new ProblemError('busy', {}, 1) : error;
}
