import { parseArgs } from 'node:util';
import { migrate, openDatabase } from '#platform';
import { exitOnSignals } from '../../apps/local/src/processes.ts';
import { withBenchServers } from '../bench/servers.ts';
import { torture } from './torture.ts';

/** `npm run seats -- torture [--minutes N] [--seed S]`: random histories over eight connections, for so long, on servers of its own. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
exitOnSignals();
await withBenchServers(async ({ postgresUrl }) => {
  await migrate(postgresUrl);
  const database = openDatabase({ url: postgresUrl, connectionsMax: 8, applicationName: 'torture' });
  try {
    const report = await torture(database, {
      seed: Number(values.seed),
      until: Date.now() + Number(values.minutes) * 60_000,
    });
    for (const fault of report.faults) console.log(fault);
    console.log(
      `seed ${values.seed}: ${report.rounds} rounds, ${report.commands} commands over 8 connections, ` +
        `run again after a deadlock ${report.deadlocks}, because something changed ${report.changed}, ${report.faults.length} faults`,
    );
    if (report.faults.length > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
});
