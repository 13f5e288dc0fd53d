import type { Options } from '@swc/core';

/** How tests compile the sources: decorators with the types that Nest injects by, as the build does. */
export const swcOptions = {
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
  },
  module: { type: 'es6' },
} satisfies Options;
