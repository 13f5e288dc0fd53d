// Plain JavaScript, because Jest loads it without its transforms; Node itself reads the TypeScript files it imports.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../apps/local/src/ports.ts';
import { startPostgres } from '../../apps/local/src/servers/postgres.ts';
import { makeTemplate } from './template.ts';

/** One Postgres for a whole run, in a folder of its own, with the migrated template that every test's database clones. */
export default async function setUp() {
  const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-'));
  const server = await startPostgres({ folder: path.join(folder, 'postgres'), port: await freePort() });
  await makeTemplate(server.url('postgres'));
  process.env.COMPTOIR_TEST_POSTGRES_URL = server.url('postgres');
  // Ctrl-C ends the run without the teardown; an exit ends the server.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  globalThis.comptoirTestServers = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
