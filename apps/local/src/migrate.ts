import { migrate } from '#platform';
import { StartError } from './ports.ts';

/** Migrates the database of DATABASE_URL to the newest migration, and prints the applied migrations. */
async function main(): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new StartError('Set DATABASE_URL to the database that is migrated.');
  const { migrations, functions } = await migrate(url);
  const done = [...migrations, ...(functions.length === 0 ? [] : [`${functions.length} functions`])];
  console.log(done.length === 0 ? 'Nothing to migrate.' : `Migrated: ${done.join(', ')}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
