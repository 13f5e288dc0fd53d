import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#platform';
import { openSeats } from '../../support/seats.ts';

/** Takes a seat for one person after the other, in a process that can be killed. Told by one JSON argument. */
export interface ClaimerTask {
  databaseUrl: string;
  cafeId: string;
  /** The people, an id a line; and the first of them who is still to ask. */
  peopleFile: string;
  first: number;
  pauseMs: number;
  /** The mutant: the outbox row is written after the commit, and not in it. */
  tellsAfterwards: boolean;
}

const task = JSON.parse(process.argv[2] ?? '{}') as ClaimerTask;
const people = readFileSync(task.peopleFile, 'utf8').split('\n');
const database = openDatabase({ url: task.databaseUrl, connectionsMax: 1, applicationName: 'faults-claimer' });
const seats = openSeats({ database, holdTtlMinutes: 30 });
/** How long a process takes between two of its steps where nobody cared, in milliseconds. */
const BETWEEN_STEPS_MS = 40;

async function claim(attendeeId: string): Promise<void> {
  const answer = await seats.claims.claim({ cafeId: task.cafeId, attendeeId, guest: false });
  if (!task.tellsAfterwards || answer.outcome !== 'created') return;
  await sleep(BETWEEN_STEPS_MS);
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
