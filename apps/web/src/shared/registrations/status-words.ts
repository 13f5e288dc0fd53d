import type { Registration } from '#contract';
import type { Format } from '../format.ts';
import type { Words } from '../words/index.ts';

/** Returns the status of a registration in words. A time limit is shown with its day, because it may be on another day than the Café. */
export function statusWords(words: Words, registration: Registration, dayTime: Format['dayTime']): string {
  const { status, expiresAt = '', waitlistPosition = 1, proveBy } = registration;
  if (status === 'held' || status === 'offered') return words.status[status](dayTime(expiresAt));
  if (status !== 'waitlisted') return words.status[status];
  return proveBy ? words.status.turn(dayTime(proveBy)) : words.status.waitlisted(waitlistPosition);
}
