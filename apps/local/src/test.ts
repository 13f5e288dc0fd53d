import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireChromium } from './chromium.ts';
import { StartFault } from './ports.ts';
import { requireRedis } from './servers/redis.ts';

/**
 * `npm test`: types, lint, then every test. The last line is `N passed, N failed, N skipped`, from Jest's own result;
 * a type error or a lint error counts as one failed.
 */
function main(): number {
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
  const check = (what: string, ...args: string[]) => {
    say(`${what} …`);
    if (spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0) failed += 1;
  };
  check('Types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
  check('Types of the pages', 'node_modules/typescript/bin/tsc', '-p', 'apps/web/tsconfig.json');
  check('Lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');

  const folder = mkdtempSync(path.join(tmpdir(), 'comptoir-result-'));
  const file = path.join(folder, 'jest.json');
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${file}`,
      ...process.argv.slice(2),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  rmSync(folder, { recursive: true, force: true });
  // A suite that could not run has no tests of its own to count.
  failed += result ? result.numFailedTests + result.numRuntimeErrorTestSuites : 1;
  const skipped = result ? result.numPendingTests + result.numTodoTests : 0;
  say(`${result?.numPassedTests ?? 0} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 && status === 0 ? 0 : 1;
}

process.exitCode = main();
