import { migrate, withSecrets } from '#platform';
import { StartError } from './ports.ts';

/** Migrates the database of DATABASE_DIRECT_URL, or of DATABASE_URL, to this build, and prints the applied migrations and files. */
async function main(): Promise<void> {
  const { DATABASE_URL, DATABASE_DIRECT_URL } = withSecrets(process.env);
  const url = DATABASE_DIRECT_URL || DATABASE_URL;
  if (!url) throw new StartError('Set DATABASE_URL to the database that is migrated.');
  const { migrations, functions } = await migrate(url);
  const done = [...migrations, ...(functions.length === 0 ? [] : [`${functions.length} functions`])];
  console.log(done.length === 0 ? 'Nothing to migrate.' : `Migrated: ${done.join(', ')}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
