import { parseArgs } from 'node:util';
import { requireChromium } from '../../apps/local/src/chromium.ts';
import { StartError } from '../../apps/local/src/ports.ts';
import { exitOnSignals } from '../../apps/local/src/processes.ts';
import { requireRedis } from '../../apps/local/src/servers/redis.ts';
import { runJest } from '../support/jest.ts';
import { type MutantName, mutants } from './mutants.ts';

const SUITES = ['guessing', 'scanner', 'hoarding', 'phones', 'matrix', 'headers', 'fuzz'];
const USAGE = `Usage: npm run security [-- ${SUITES.join('|')} …] [--seed N] [--count N]   the long forms of the security suite
       npm run security -- mutants [NAME …]   break each guard once; the test that keeps it must fail`;

async function runSuites(names: string[], seed: string | undefined, count: string | undefined): Promise<boolean> {
  const chosen = names.length > 0 ? names : SUITES;
  // By default, each run has another seed. The printed seed repeats a run.
  const shown = seed ?? String(Math.floor(Math.random() * 1e9));
  console.log(`seed ${shown}`);
  const environment = {
    ...{ SECURITY_LONG: '1', SECURITY_SEED: shown, COMPTOIR_TEST_FILE_MINUTES: '600' },
    ...(count && { SECURITY_COUNT: count }),
  };
  const files = chosen.map((name) => `test/security/${name}.spec.ts`);
  const { failed } = await runJest(files, { environment });
  return failed === 0;
}

async function runMutants(names: string[]): Promise<boolean> {
  const chosen = (names.length > 0 ? names : Object.keys(mutants)) as MutantName[];
  let missed = 0;
  for (const name of chosen) {
    const { what, caughtBy } = mutants[name];
    const { failed } = await runJest([caughtBy.file, '-t', caughtBy.title], {
      environment: { SECURITY_MUTANT: name },
      quiet: true,
    });
    if (failed === 0) missed++;
    console.log(`${failed === 0 ? 'NOT CAUGHT' : 'caught'}  ${name}: ${what}`);
  }
  console.log(`${chosen.length} mutants, ${missed} not caught`);
  return missed === 0;
}

function options() {
  try {
    return parseArgs({ allowPositionals: true, options: { seed: { type: 'string' }, count: { type: 'string' } } });
  } catch {
    return undefined;
  }
}

async function main(): Promise<number> {
  const parsed = options();
  const [first, ...rest] = parsed?.positionals ?? [];
  const { seed, count } = parsed?.values ?? {};
  const numbers = [seed, count].every((text) => text === undefined || /^\d{1,9}$/.test(text));
  const known =
    first === 'mutants'
      ? rest.every((name) => Object.hasOwn(mutants, name))
      : [first, ...rest].every((name) => name === undefined || SUITES.includes(name));
  if (!parsed || !numbers || !known) {
    console.error(USAGE);
    return 1;
  }
  try {
    requireRedis((line) => console.log(line));
    requireChromium((line) => console.log(line));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    return 1;
  }
  const passed =
    first === 'mutants' ? await runMutants(rest) : await runSuites(first ? [first, ...rest] : [], seed, count);
  return passed ? 0 : 1;
}

exitOnSignals();
process.exitCode = await main();
