import { readFileSync } from 'node:fs';
import { type Database, openDatabase } from '#platform';
import {
  checkProgramme,
  type DocumentError,
  demonstrationProgramme,
  InvalidProgramme,
  loadProgramme,
  readJsonFile,
  readProgrammeFile,
  UnreadableDocument,
} from '#programme';
import { loadDemonstration } from './demonstration.ts';

const USAGE = `Usage: npm run programme -- read FILE    turn a published programme (text) into a draft, as JSON
       npm run programme -- check FILE   say everything that is wrong with a programme (JSON)
       npm run programme -- load FILE    load a programme (JSON) into the database of DATABASE_URL
       npm run programme -- demonstration
                                         load the RAICT 2024 programme there, two days from tomorrow, unless it is there`;

/** An error that the user can correct. The command prints its message, one line, and ends with exit code 1. */
class CommandError extends Error {}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommandError(`The file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** The document of a file and its errors. A dated programme as it is; an undated one with its demonstration values, from tomorrow. */
function documentOf(file: string): { document: unknown; errors: DocumentError[] } {
  const { document, errors } = readJsonFile(bytesOf(file));
  const undated = typeof document === 'object' && document !== null && 'demonstration' in document;
  try {
    const dated = undated ? demonstrationProgramme(document, new Date()) : document;
    return { document: dated, errors: [...errors, ...checkProgramme(dated)] };
  } catch (error) {
    if (!(error instanceof InvalidProgramme)) throw error;
    return { document, errors: [...errors, ...error.errors] };
  }
}

/** Prints the errors of a file, a line each, and lets the command end with exit code 1. */
function printErrors(file: string, errors: DocumentError[]): void {
  for (const { path, message } of errors) console.error(`${file}: ${path || 'document'}: ${message}`);
  console.error(`${errors.length} ${errors.length === 1 ? 'error' : 'errors'}.`);
  process.exitCode = 1;
}

function printJson(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}

function read(file: string): void {
  const { programme, doubts } = readProgrammeFile(bytesOf(file));
  for (const { line, about, message } of doubts) console.error(`${file}:${line}: ${about}: ${message}`);
  printJson(programme);
}

function check(file: string): void {
  const { errors } = documentOf(file);
  printJson({ valid: errors.length === 0, errors });
  if (errors.length > 0) printErrors(file, errors);
}

async function load(file: string): Promise<void> {
  const { document, errors } = documentOf(file);
  if (errors.length > 0) throw new InvalidProgramme(errors);
  printJson(await withDatabase((database) => loadProgramme(database, document)));
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new CommandError('Set DATABASE_URL to the database that the programme is loaded into.');
  const database = openDatabase({ url, connectionsMax: 2, applicationName: 'comptoir-programme' });
  try {
    return await work(database);
  } catch (error) {
    if (error instanceof InvalidProgramme) throw error;
    throw new CommandError(`The database cannot be written: ${(error as Error).message}`);
  } finally {
    await database.close();
  }
}

async function run(command: string | undefined, file: string | undefined): Promise<void> {
  if (command === 'demonstration' && !file) {
    await withDatabase(loadDemonstration);
    return console.log('The RAICT 2024 programme is there.');
  }
  if (!file) throw new CommandError(USAGE);
  if (command === 'read') return read(file);
  if (command === 'check') return check(file);
  if (command === 'load') return load(file);
  throw new CommandError(USAGE);
}

run(process.argv[2], process.argv[3]).catch((error: Error) => {
  const file = process.argv[3] ?? '';
  if (error instanceof InvalidProgramme) return printErrors(file, error.errors);
  if (error instanceof UnreadableDocument) console.error(`${file}: ${error.message}`);
  else if (error instanceof CommandError) console.error(error.message);
  else throw error;
  process.exitCode = 1;
});
