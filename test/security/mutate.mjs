// The transform of Jest while SECURITY_MUTANT names a mutant: the sources with one broken guard (jest.config.mjs).
import { createHash } from 'node:crypto';
import swc from '@swc/jest';
import { mutated } from './mutants.ts';

const name = process.env.SECURITY_MUTANT;

export default {
  createTransformer(options) {
    const inner = swc.createTransformer(options);
    return {
      ...inner,
      process: (source, file, rest) => inner.process(mutated(name, file, source), file, rest),
      processAsync: (source, file, rest) => inner.processAsync(mutated(name, file, source), file, rest),
      getCacheKey: (source, file, rest) =>
        createHash('sha256')
          .update(inner.getCacheKey(mutated(name, file, source), file, rest))
          .update(name)
          .digest('hex'),
    };
  },
};
