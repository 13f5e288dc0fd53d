import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireChromium } from './chromium.ts';
import { StartFault } from './ports.ts';
import { endWithUs, exitOnSignals } from './processes.ts';
import { requireRedis } from './servers/redis.ts';

/** Run Node to its end; it ends with us. Its exit code. */
async function run(args: string[], stdio: StdioOptions = 'inherit'): Promise<number | null> {
  const [code] = await once(endWithUs(spawn(process.execPath, args, { stdio })), 'exit');
  return code;
}

/**
 * `npm test`: types, lint, then every test. The last line is `N passed, N failed, N skipped`, from Jest's own result;
 * a type error or a lint error counts as one failed.
 */
async function main(): Promise<number> {
  const say = (line: string) => console.log(line);
  try {
    requireRedis(say);
    requireChromium(say);
  } catch (error) {
    if (!(error instanceof StartFault)) throw error;
    console.error(error.message);
    return 1;
  }
  let failed = 0;
  const check = async (what: string, ...args: string[]) => {
    say(`${what} …`);
    if ((await run(args)) !== 0) failed += 1;
  };
  await check('Types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
  await check('Types of the pages', 'node_modules/typescript/bin/tsc', '-p', 'apps/web/tsconfig.json');
  await check('Lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');

  const folder = mkdtempSync(path.join(tmpdir(), 'comptoir-result-'));
  const file = path.join(folder, 'jest.json');
  const status = await run(
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${file}`,
      ...process.argv.slice(2),
    ],
    ['ignore', 'ignore', 'inherit'],
  );
  const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  rmSync(folder, { recursive: true, force: true });
  // A suite that could not run has no tests of its own to count.
  failed += result ? result.numFailedTests + result.numRuntimeErrorTestSuites : 1;
  const skipped = result ? result.numPendingTests + result.numTodoTests : 0;
  say(`${result?.numPassedTests ?? 0} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 && status === 0 ? 0 : 1;
}

exitOnSignals();
process.exitCode = await main();
