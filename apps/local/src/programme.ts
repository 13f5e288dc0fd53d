import { readFileSync } from 'node:fs';
import { type Database, openDatabase } from '#platform';
import {
  checkProgramme,
  demonstrationProgramme,
  type Fault,
  loadProgramme,
  ProgrammeFaults,
  ReadFault,
  readProgrammeDocument,
} from '#programme';
import { loadDemonstration } from './demonstration.ts';

const USAGE = `Usage: npm run programme -- read FILE    turn a published programme (text) into a draft, as JSON
       npm run programme -- check FILE   say everything that is wrong with a programme (JSON)
       npm run programme -- load FILE    load a programme (JSON) into the database of DATABASE_URL
       npm run programme -- demonstration
                                         load the RAICT 2024 programme there, two days from tomorrow, unless it is there`;

/** An error that the user can correct. The command prints its message, one line, and ends with exit code 1. */
class CommandError extends Error {}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`The file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** A programme with dates as it is; one without dates with its demonstration values, from tomorrow. */
function programmeOf(file: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(textOf(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const undated = typeof document === 'object' && document !== null && 'demonstration' in document;
  return undated ? demonstrationProgramme(document, new Date()) : document;
}

function printErrors(file: string, errors: Fault[]): void {
  for (const { path, message } of errors) console.error(`${file}: ${path || 'document'}: ${message}`);
  console.error(`${errors.length} ${errors.length === 1 ? 'error' : 'errors'}. Nothing was loaded.`);
  process.exitCode = 1;
}

async function run(command: string | undefined, file: string | undefined): Promise<void> {
  if (command === 'demonstration' && !file) {
    await withDatabase(loadDemonstration);
    return console.log('The RAICT 2024 programme is there.');
  }
  if (!file || !['read', 'check', 'load'].includes(command ?? '')) throw new CommandError(USAGE);
  if (command === 'read') {
    const { programme, doubts } = readProgrammeDocument(textOf(file));
    for (const { line, about, message } of doubts) console.error(`line ${line}, ${about}: ${message}`);
    console.log(JSON.stringify(programme, undefined, 2));
    return;
  }
  const programme = programmeOf(file);
  const errors = checkProgramme(programme);
  if (errors.length > 0) return printErrors(file, errors);
  if (command === 'check') return console.log(`${file}: nothing is wrong.`);
  try {
    const { added, changed } = await withDatabase((database) => loadProgramme(database, programme));
    console.log(`${file}: ${added} added, ${changed} changed.`);
  } catch (error) {
    if (!(error instanceof ProgrammeFaults)) throw error;
    printErrors(file, error.faults);
  }
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new CommandError('Set DATABASE_URL to the database that the programme is loaded into.');
  const database = openDatabase({ url, connectionsMax: 2, applicationName: 'comptoir-programme' });
  try {
    return await work(database);
  } catch (error) {
    if (error instanceof ProgrammeFaults) throw error;
    throw new CommandError(`The database cannot be written: ${(error as Error).message}`);
  } finally {
    await database.close();
  }
}

run(process.argv[2], process.argv[3]).catch((error: Error) => {
  if (error instanceof CommandError || error instanceof ReadFault) console.error(error.message);
  else if (error instanceof ProgrammeFaults) printErrors(process.argv[3] ?? '', error.faults);
  else throw error;
  process.exitCode = 1;
});
