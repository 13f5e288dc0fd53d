/** `npm run security -- mutants` breaks one guard in the sources (test/security/mutants.ts). */
const transformer = process.env.SECURITY_MUTANT ? '<rootDir>/test/security/mutate.mjs' : '@swc/jest';

/** Every test runs the TypeScript sources as ES modules; the servers it needs are real and its own (test/support). */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      transformer,
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
    // Workbox has ES modules in files that Node takes for CommonJS.
    '/node_modules/workbox-[^/]+/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2024' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!workbox-)'],
  testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.{ts,tsx}'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.local'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  // Only so that nothing hangs for ever: slow machines take what they take.
  testTimeout: 300_000,
  maxWorkers: 2,
};
