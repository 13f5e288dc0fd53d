import type { ProgrammeDocument } from '../document.ts';
import type { Transaction } from './author.ts';

type EventOf = ProgrammeDocument['event'];

/** Adds an event; published unless its document says otherwise. Returns its id. */
export async function addEvent(transaction: Transaction, event: EventOf, organisationId?: string): Promise<string> {
  const { state = 'published' } = event;
  const data = { ...columnsOf(event), state, publishedAt: state === 'published' ? new Date() : null };
  const made = await transaction.event.create({
    data: { ...data, ...(organisationId && { organisationId }) },
    select: { id: true },
  });
  return made.id;
}

/** Writes an event that differs from what is there. Its state: `state` before. */
export async function writeEvent(transaction: Transaction, id: string, event: EventOf, before: EventOf): Promise<void> {
  const published = event.state === 'published' && before.state !== 'published';
  await transaction.event.update({
    where: { id },
    data: { ...columnsOf(event), ...(published && { publishedAt: new Date() }) },
  });
}

function columnsOf(event: EventOf) {
  return { ...event, startsAt: new Date(event.startsAt), endsAt: new Date(event.endsAt) };
}
