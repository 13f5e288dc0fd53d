import { full, type Outcome, runMailFaults } from './mail/run.ts';
import type { FaultsFound, FaultsOptions } from './main.ts';

/** The number of seeds that run at the same time. A seed waits most of the time. */
const SEEDS_AT_ONCE = 4;

const counts = ['expected', 'sent', 'missing', 'foreign', 'duplicates', 'bound'] as const;

/** `npm run faults -- mail`: sends mails while faults happen in all parts on their way. Returns a line for every seed with a violation. */
export async function faultsMail({ seeds, say }: FaultsOptions): Promise<FaultsFound> {
  const waiting = [...seeds];
  const outcomes: Outcome[] = [];
  const runNext = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const outcome = await runMailFaults({ seed, extent: full });
      outcomes.push(outcome);
      say(`${lineOf(`seed ${seed}`, outcome)}   ${outcome.faults.join(', ')}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(SEEDS_AT_ONCE, seeds.length) }, runNext));
  const sums = counts.map((count) => [count, outcomes.reduce((total, outcome) => total + outcome[count], 0)]);
  say(lineOf('together', Object.fromEntries(sums)));
  return outcomes
    .filter(({ isPassed }) => !isPassed)
    .map((outcome) => lineOf(`seed ${outcome.seed} breaks the promise:`, outcome));
}

function lineOf(name: string, outcome: Pick<Outcome, (typeof counts)[number]>): string {
  return [name.padEnd(10), ...counts.map((count) => `${count} ${String(outcome[count]).padStart(5)}`)].join('  ');
}
