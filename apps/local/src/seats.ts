import { openDatabase, withSecrets } from '#platform';
import { auditSeats } from '#seats';

const USAGE = `Usage: npm run seats -- audit                 replay the ledger of DATABASE_URL, and compare it with the tables
       npm run seats -- torture [--minutes N]  random histories over 8 connections on a database of its own
       npm run seats -- histories [--count N]  random histories in Postgres and in the model, compared`;

/** `npm run seats -- audit`: exit code 0 if the tables agree with the ledger; otherwise 1, with all differences. */
async function audit(): Promise<void> {
  const url = withSecrets(process.env).DATABASE_URL;
  if (!url) return fail('Set DATABASE_URL to the database that is audited.');
  const database = openDatabase({ url, connectionsMax: 1, applicationName: 'comptoir-audit' });
  try {
    const { cafes, events, differences } = await auditSeats(database);
    for (const difference of differences) console.log(difference);
    console.log(`${cafes} Cafés, ${events} lines of the ledger, ${differences.length} differences.`);
    if (differences.length > 0) process.exitCode = 1;
  } catch (error) {
    fail(`The database cannot be read: ${(error as Error).message}`);
  } finally {
    await database.close();
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'audit' && rest.length === 0) await audit();
else fail(USAGE);
