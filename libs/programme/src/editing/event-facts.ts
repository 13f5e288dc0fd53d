import type { Transaction } from '../writing/author.ts';
import { codeFrom } from './room-editing.ts';
import type { StoredEvent } from './stored.ts';

/** What organisers write of an event, as the audit log keeps it. */
export function factsOf(event: StoredEvent): Record<string, unknown> {
  const { slug, title, timeZone, startsAt, endsAt, locales, replyTo, unprovedSharePercent, noShowGraceMinutes } = event;
  const { venue, words, accent, legal } = event;
  return {
    ...{ slug, title, timeZone, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), locales, replyTo },
    ...{ unprovedSharePercent, noShowGraceMinutes, venue, words, accent, legal },
  };
}

/** The advisory lock of those who choose a free slug. */
const SLUG_LOCK = 7_212_027;

/** A free slug from a title: `rencontres-2027`. */
export async function freeSlug(transaction: Transaction, title: string): Promise<string> {
  const plain = codeFrom(title, new Set()).replace(/[^a-z0-9-]+/g, '') || 'event';
  const base = plain.replace(/^-+|-+$/g, '').slice(0, 60) || 'event';
  // Two events at once do not choose the same.
  await transaction.$executeRaw`select pg_advisory_xact_lock(${SLUG_LOCK})`;
  const taken = await transaction.event.findMany({ where: { slug: { startsWith: base } }, select: { slug: true } });
  return codeFrom(base, new Set(taken.map(({ slug }) => slug)));
}
