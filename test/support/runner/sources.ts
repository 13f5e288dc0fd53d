import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync, version } from '@swc/core';
import { type MutantName, mutated } from '../../security/mutants.ts';
import { swcOptions } from './swc.ts';

const CACHE = path.resolve('node_modules/.cache/comptoir-tests');
const GLOBALS = new URL('./globals.ts', import.meta.url).href;
/** `npm run security -- mutants` breaks one guard in the sources. */
const mutant = process.env.SECURITY_MUTANT as MutantName | undefined;
const options = JSON.stringify([version, swcOptions]);

mkdirSync(CACHE, { recursive: true });
process.setSourceMapsEnabled(true);
// Jest ends a process by closing its channel. What a test left open must not keep the process.
process.once('disconnect', () => process.exit());

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === '@jest/globals') return { url: GLOBALS, format: 'module', shortCircuit: true };
    if (!specifier.startsWith('#')) return nextResolve(specifier, context);
    return nextResolve(specifier, { ...context, conditions: ['source', ...context.conditions] });
  },
  load(url, context, nextLoad) {
    if (SPEC.test(url)) watch(fileURLToPath(url));
    if (!/^file:.+\.tsx?(\?|$)/.test(url) || url.includes('/node_modules/')) return nextLoad(url, context);
    return { format: 'module', shortCircuit: true, source: compiled(fileURLToPath(url)) };
  },
});

/** The query makes Node load the file anew. */
const SPEC = /\.spec\.ts\?/;
/** Only so that nothing hangs for ever: slow machines take what they take. */
const FILE_MINUTES_MAX = Number(process.env.COMPTOIR_TEST_FILE_MINUTES ?? 20);
let watcher: NodeJS.Timeout | undefined;

/** Ends the process when a test file takes too long. Jest then reports the file as failed. */
function watch(file: string): void {
  clearTimeout(watcher);
  watcher = setTimeout(() => {
    console.error(`${file} took longer than ${FILE_MINUTES_MAX} minutes.`);
    process.exit(1);
  }, FILE_MINUTES_MAX * 60_000).unref();
}

/** How long a rejected promise may wait for its handler, in milliseconds: tests start a claim, wait for something else, and then for it. */
const HANDLED_WITHIN_MS = 10_000;
const unhandled = new Map<Promise<unknown>, NodeJS.Timeout>();
process.on('unhandledRejection', (reason, promise) => {
  const end = () => {
    throw reason;
  };
  unhandled.set(promise, setTimeout(end, HANDLED_WITHIN_MS).unref());
});
process.on('rejectionHandled', (promise) => {
  clearTimeout(unhandled.get(promise));
  unhandled.delete(promise);
});

/** The compiled source, from the cache when an earlier run compiled the same. */
function compiled(file: string): string {
  const text = readFileSync(file, 'utf8');
  const source = mutant ? mutated(mutant, file, text) : text;
  const sum = createHash('sha256').update(options).update(file).update('\0').update(source).digest('hex');
  const kept = path.join(CACHE, `${sum.slice(0, 32)}.js`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = transformSync(source, { ...swcOptions, filename: file, sourceMaps: 'inline' });
    // Renamed, because the other worker may read it at the same time.
    const written = `${kept}.${process.pid}`;
    writeFileSync(written, code);
    renameSync(written, kept);
    return code;
  }
}
