import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endWithUs } from '../../apps/local/src/processes.ts';

/** The counts of a Jest run. A suite that could not run counts as one failed test. */
export interface JestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs Node until it exits; Node also ends when this process ends. Returns the exit code, null when a signal ended it. */
export async function runNode(
  args: string[],
  { stdio = 'inherit', environment = {} }: { stdio?: StdioOptions; environment?: Record<string, string> } = {},
): Promise<number | null> {
  const child = spawn(process.execPath, args, { stdio, env: { ...process.env, ...environment } });
  const [code] = await once(endWithUs(child), 'exit');
  return code;
}

/** Runs Jest in a separate process. @param quiet whether to leave out its report */
export async function runJest(
  args: string[],
  { environment = {}, quiet = false }: { environment?: Record<string, string>; quiet?: boolean } = {},
): Promise<JestCounts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'comptoir-result-'));
  const file = path.join(folder, 'jest.json');
  const flags = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  try {
    const code = await runNode([...flags, '--json', `--outputFile=${file}`, ...args], {
      stdio: ['ignore', 'ignore', quiet ? 'ignore' : 'inherit'],
      // Programs of the tests cache their compiled code, so that each start takes a seventh less processor time.
      environment: {
        NODE_OPTIONS: '',
        NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/comptoir'),
        ...environment,
      },
    });
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
    const result = JSON.parse(readFileSync(file, 'utf8'));
    const failed: number = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      // Jest failed without a failed test.
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
