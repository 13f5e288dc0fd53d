import { full, type Outcome, runMailFaults } from './mail/run.ts';
import type { FaultsFound, FaultsOptions } from './main.ts';

/** How many seeds run at once: most of a seed is waiting. */
const SEEDS_AT_ONCE = 4;

const figures = ['owed', 'sent', 'missing', 'foreign', 'duplicates', 'bound'] as const;

/** `npm run faults -- mail`: what happens to mail while everything on its way is hurt. Every seed whose promise was not kept is a line. */
export async function faultsMail({ seeds, say }: FaultsOptions): Promise<FaultsFound> {
  const waiting = [...seeds];
  const outcomes: Outcome[] = [];
  const runNext = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const outcome = await runMailFaults({ seed, extent: full });
      outcomes.push(outcome);
      say(`${told(`seed ${seed}`, outcome)}   ${outcome.faults.join(', ')}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(SEEDS_AT_ONCE, seeds.length) }, runNext));
  const sums = figures.map((figure) => [figure, outcomes.reduce((total, outcome) => total + outcome[figure], 0)]);
  say(told('together', Object.fromEntries(sums)));
  return outcomes.filter(({ kept }) => !kept).map((outcome) => told(`seed ${outcome.seed} is not kept:`, outcome));
}

function told(name: string, outcome: Pick<Outcome, (typeof figures)[number]>): string {
  return [name.padEnd(10), ...figures.map((figure) => `${figure} ${String(outcome[figure]).padStart(5)}`)].join('  ');
}
