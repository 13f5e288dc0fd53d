import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#platform';
import { openSeats } from '../../support/seats.ts';

/** Claims a seat for one person after the other, in a process that can be killed. Its argument is JSON. */
export interface ClaimerTask {
  databaseUrl: string;
  cafeId: string;
  /** A file with the ids of the people, one a line; and the index of the first person who has no seat yet. */
  peopleFile: string;
  first: number;
  pauseMs: number;
  /** The mutant writes the outbox row after the commit and not in it. */
  enqueuesAfterCommit: boolean;
}

const task = JSON.parse(process.argv[2] ?? '{}') as ClaimerTask;
const people = readFileSync(task.peopleFile, 'utf8').split('\n');
const database = openDatabase({ url: task.databaseUrl, connectionsMax: 1, applicationName: 'faults-claimer' });
const seats = openSeats({ database, holdTtlMinutes: 30 });
/** The pause of the mutant between the commit and the outbox row, in milliseconds. */
const MUTANT_PAUSE_MS = 40;

async function claim(attendeeId: string): Promise<void> {
  const answer = await seats.claims.claim({ cafeId: task.cafeId, attendeeId, guest: false });
  if (!task.enqueuesAfterCommit || answer.outcome !== 'created') return;
  await sleep(MUTANT_PAUSE_MS);
  await database.pool.query(`insert into outbox (kind, attendee_id, registration_id) values ('confirmed', $1, $2)`, [
    attendeeId,
    answer.registration.id,
  ]);
  await database.pool.query(`notify outbox`);
}

for (const [place, attendeeId] of people.entries()) {
  if (place < task.first) continue;
  for (;;) {
    try {
      await claim(attendeeId);
      break;
    } catch {
      await sleep(50); // Postgres is away: the same person asks again.
    }
  }
  process.send?.(place + 1);
  await sleep(task.pauseMs);
}
await database.close();
process.disconnect?.();
