import { parseArgs } from 'node:util';
import { type MutantName, mutants } from './mail/mutants.ts';
import { full, type Outcome, quick, runMailFaults } from './mail/run.ts';

const USAGE = `usage: npm run faults -- mail [--seeds N] [--seed FIRST] [--at-once N] [--quick] [--mutant ${Object.keys(mutants).join('|')}]`;

/** `npm run faults -- mail`: what happens to mail while everything on its way is hurt. Exit code 1 when a promise was not kept. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '4' },
    quick: { type: 'boolean', default: false },
    mutant: { type: 'string' },
  },
});
const [count, first, atOnce] = [values.seeds, values.seed, values['at-once']].map(Number) as [number, number, number];
const known = values.mutant === undefined || Object.hasOwn(mutants, values.mutant);
if (positionals[0] !== 'mail' || positionals.length !== 1 || !known || !(count > 0) || !(atOnce > 0)) {
  console.error(USAGE);
  process.exit(2);
}

const seeds = Array.from({ length: count }, (_, index) => first + index);
const outcomes: Outcome[] = [];
async function runSeeds(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const outcome = await runMailFaults({
      seed,
      extent: values.quick ? quick : full,
      ...(values.mutant && { mutant: values.mutant as MutantName }),
    });
    outcomes.push(outcome);
    console.log(line(`seed ${String(seed).padStart(3)}`, outcome), `  ${outcome.faults.join(', ')}`);
  }
}

function line(
  name: string,
  { owed, sent, missing, foreign, duplicates, bound, kept }: Omit<Outcome, 'seed' | 'faults'>,
) {
  const figures = Object.entries({ owed, sent, missing, foreign, duplicates, bound });
  const told = figures.map(([figure, number]) => `${figure} ${String(number).padStart(5)}`).join('  ');
  return `${name.padEnd(10)} ${told}   ${kept ? 'kept' : 'NOT KEPT'}`;
}

const sum = (figure: 'owed' | 'sent' | 'missing' | 'foreign' | 'duplicates' | 'bound') =>
  outcomes.reduce((total, outcome) => total + outcome[figure], 0);

await Promise.all(Array.from({ length: Math.min(atOnce, count) }, runSeeds));
const kept = outcomes.every((outcome) => outcome.kept);
console.log(
  line('together', {
    owed: sum('owed'),
    sent: sum('sent'),
    missing: sum('missing'),
    foreign: sum('foreign'),
    duplicates: sum('duplicates'),
    bound: sum('bound'),
    kept,
  }),
);
if (!kept) process.exitCode = 1;
