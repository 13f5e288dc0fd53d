import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cheapMutants, type MutantName, mutants, mutated } from './mutants.ts';

const names = Object.keys(mutants) as MutantName[];

describe('each guard', () => {
  it.each(names)('exists at the line that the mutant %s removes, and its test exists', (name) => {
    const { module, caughtBy } = mutants[name];
    const file = path.resolve(module);
    const source = readFileSync(file, 'utf8');
    expect(mutated(name, file, source)).not.toBe(source);
    expect(readFileSync(caughtBy.file, 'utf8').length).toBeGreaterThan(0);
  });

  it.each(cheapMutants)('makes its test fail when it is removed: %s', async (name) => {
    const { file, title } = mutants[name].caughtBy;
    const child = spawn(
      process.execPath,
      ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', file, '-t', title, '--json'],
      { env: { ...process.env, SECURITY_MUTANT: name }, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    await once(child, 'close');
    const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites } = JSON.parse(out.slice(out.indexOf('{')));
    // The test must fail at its assertion, and not because it could not run.
    expect([numFailedTests > 0, numRuntimeErrorTestSuites]).toEqual([true, 0]);
    expect(numFailedTests + numPassedTests).toBeGreaterThan(0);
  });
});
