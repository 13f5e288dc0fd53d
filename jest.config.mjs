import { swcOptions } from './test/support/runner/swc.ts';

/** The specs of these folders, whose code runs in browsers, replace global objects. So each file gets global objects of its own. */
const OF_BROWSERS = ['<rootDir>/apps/web', '<rootDir>/libs/client'];

const common = { modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.local'] };

/** Every test runs the TypeScript sources as ES modules; the servers it needs are real and its own (test/support). */
export default {
  projects: [
    {
      ...common,
      displayName: 'servers',
      // The processes load a module once for all files: with Jest's runner, each file loaded Nest, Prisma and the sources anew (ADR 29).
      runner: '<rootDir>/test/support/runner/runner.mjs',
      setupFiles: ['<rootDir>/test/support/runner/sources.ts'],
      testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
      testPathIgnorePatterns: OF_BROWSERS.map((folder) => `${folder}/`),
    },
    {
      ...common,
      displayName: 'browsers',
      testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
      extensionsToTreatAsEsm: ['.ts', '.tsx'],
      transform: {
        '^.+\\.tsx?$': ['@swc/jest', swcOptions],
        // Workbox has ES modules in files that Node takes for CommonJS.
        '/node_modules/workbox-[^/]+/.+\\.js$': [
          '@swc/jest',
          { jsc: { target: 'es2024' }, module: { type: 'commonjs' } },
        ],
      },
      transformIgnorePatterns: ['/node_modules/(?!workbox-)'],
      // Only so that nothing hangs for ever: slow machines take what they take. The other project has the limit of sources.ts.
      testTimeout: 300_000,
      testMatch: OF_BROWSERS.map((folder) => `${folder}/**/*.spec.{ts,tsx}`),
    },
  ],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  maxWorkers: 2,
};
