// Plain JavaScript, because Jest loads it without its transforms. Node reads the TypeScript files that it imports.
import { startOwnServers, useLongRunningServers } from './servers.ts';

/**
 * One Postgres for a whole run, with the migrated template that the databases of all tests are cloned from. With
 * `COMPTOIR_TEST_SERVERS=keep`, uses the Postgres that stays up between runs. A run that a test of another run starts uses the servers of
 * that run.
 */
export default async function setUp() {
  if (process.env.COMPTOIR_TEST_POSTGRES_URL) return;
  const servers = await (process.env.COMPTOIR_TEST_SERVERS === 'keep' ? useLongRunningServers() : startOwnServers());
  process.env.COMPTOIR_TEST_POSTGRES_URL = servers.postgresUrl;
  process.env.COMPTOIR_TEST_TEMPLATE = servers.template;
  // Ctrl-C ends the run without the teardown. The end of the process stops the server.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  globalThis.comptoirTestServers = servers.release;
}
