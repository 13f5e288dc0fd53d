import { registerHooks } from 'node:module';
import { type MutantName, mutated } from './mutants.ts';

/** Preloaded into a worker. Changes its code as the mutant FAULTS_MUTANT defines. */
const name = process.env.FAULTS_MUTANT as MutantName;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.includes('/dist/') || !loaded.source) return loaded;
    return { ...loaded, source: mutated(name, url, String(loaded.source)) };
  },
});
