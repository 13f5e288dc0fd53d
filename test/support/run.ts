import { parseArgs } from 'node:util';
import { requireChromium } from '../../apps/local/src/chromium.ts';
import { StartError } from '../../apps/local/src/ports.ts';
import { exitOnSignals } from '../../apps/local/src/processes.ts';
import { requireRedis } from '../../apps/local/src/servers/redis.ts';
import { type JestCounts, runJest, runNode } from './jest.ts';

const USAGE = `Usage: npm test                          types, lint and every test
       npm test -- PATH … [-t TITLE]     tests of these files or folders, on servers that stay up`;

const CACHE = 'node_modules/.cache';
/** The checks of `npm test`. A check that fails counts as one failed test. */
const CHECKS: Record<string, string[]> = {
  Types: [
    ...['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
    ...['--incremental', '--tsBuildInfoFile', `${CACHE}/types.tsbuildinfo`],
  ],
  'Types of the pages': [
    ...['node_modules/typescript/bin/tsc', '-p', 'apps/web/tsconfig.json'],
    ...['--incremental', '--tsBuildInfoFile', `${CACHE}/types-of-pages.tsbuildinfo`],
  ],
  Lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
};

/** Returns the number of failed checks. */
async function runChecks(): Promise<number> {
  let failed = 0;
  for (const [name, args] of Object.entries(CHECKS)) {
    console.log(`${name} …`);
    if ((await runNode(args)) !== 0) failed += 1;
  }
  return failed;
}

/** Runs some files or folders, without the checks: for use while changing them. */
function runSome(paths: string[], title: string | undefined): Promise<JestCounts> {
  const args = ['--passWithNoTests=false', ...(title === undefined ? [] : ['-t', title]), ...paths];
  return runJest(args, { environment: { COMPTOIR_TEST_SERVERS: 'keep' } });
}

/** `npm test`. The last line is `N passed, N failed, N skipped`. Returns the exit code. */
async function main(): Promise<number> {
  let options: { values: { t?: string | undefined }; positionals: string[] };
  try {
    options = parseArgs({ allowPositionals: true, options: { t: { type: 'string', short: 't' } } });
    requireRedis(console.log);
    requireChromium(console.log);
  } catch (error) {
    console.error(error instanceof StartError ? error.message : USAGE);
    return 1;
  }
  const { values, positionals } = options;
  const isPart = positionals.length > 0 || values.t !== undefined;
  const failedChecks = isPart ? 0 : await runChecks();
  const counts = await (isPart ? runSome(positionals, values.t) : runJest([]));
  const failed = counts.failed + failedChecks;
  console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
  return failed === 0 ? 0 : 1;
}

exitOnSignals();
process.exitCode = await main();
