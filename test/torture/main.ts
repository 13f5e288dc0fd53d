import { parseArgs } from 'node:util';
import { migrate, openDatabase } from '#platform';
import { exitOnSignals } from '../../apps/local/src/processes.ts';
import { withBenchServers } from '../bench/servers.ts';
import { runJest } from '../support/jest.ts';
import { torture } from './torture.ts';

const HISTORIES_SPEC = 'libs/seats/src/model/histories.spec.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    count: { type: 'string', default: '400' },
  },
});

/** `npm run seats -- torture [--minutes N] [--seed S]`: runs random histories over eight connections for N minutes, on separate servers. */
async function runTorture(): Promise<void> {
  await withBenchServers(async ({ postgresUrl }) => {
    await migrate(postgresUrl);
    const database = openDatabase({ url: postgresUrl, connectionsMax: 8, applicationName: 'torture' });
    try {
      const report = await torture(database, {
        seed: Number(values.seed),
        until: Date.now() + Number(values.minutes) * 60_000,
      });
      for (const violation of report.violations) console.log(violation);
      console.log(
        `seed ${values.seed}: ${report.rounds} rounds, ${report.commands} commands over 8 connections, ` +
          `${report.deadlocks} retries after a deadlock, ${report.changed} retries because something changed, ${report.violations.length} violations`,
      );
      if (report.violations.length > 0) process.exitCode = 1;
    } finally {
      await database.close();
    }
  });
}

/** `npm run seats -- histories [--count N]`: runs the test that compares N random histories in Postgres and in the model. */
async function runHistories(): Promise<void> {
  if (!/^[1-9]\d{0,8}$/.test(values.count)) {
    console.error('--count must be a whole number of histories, at least 1.');
    process.exitCode = 1;
    return;
  }
  const { passed, failed } = await runJest([HISTORIES_SPEC, '-t', 'random histories'], {
    environment: { HISTORIES: values.count, COMPTOIR_TEST_FILE_MINUTES: '30000' },
  });
  console.log(
    `${values.count} histories, ${failed === 0 && passed > 0 ? 'no difference' : 'a difference or an error'}`,
  );
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

exitOnSignals();
await (positionals[0] === 'histories' ? runHistories() : runTorture());
