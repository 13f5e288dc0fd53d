import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigurationError, type Database, openDatabase, sqlState, withSecrets } from '#platform';
import {
  checkProgramme,
  type Difference,
  type DocumentError,
  demonstrationProgramme,
  describeFinding,
  describePlace,
  exportProgramme,
  type Finding,
  fileKind,
  InvalidProgramme,
  type LoadOptions,
  LoadRefused,
  loadProgramme,
  Programme,
  type ProgrammeDocument,
  programmeSchema,
  readJsonFile,
  readProgrammeFile,
  UnreadableDocument,
} from '#programme';
import { loadDemonstration } from './demonstration.ts';
import { answersOf, type FileSettings, findingLine, importFile } from './programme-files.ts';

const USAGE = `Usage: npm run programme -- read FILE     turn a published programme into a draft, as JSON
       npm run programme -- check FILE    say everything that is wrong with a programme
       npm run programme -- load FILE [--dry-run] [--remove] [--rename] [--move] [--overwrite | --keep] [--as draft] [--event SLUG] [--set FIELD=VALUE]
                                          bring the database of DATABASE_URL to a programme, and say every difference
       npm run programme -- export SLUG   write the programme of an event as JSON
       npm run programme -- schema        write the JSON Schema of a programme
       npm run programme -- demonstration load the RAICT 2024 programme, two days from tomorrow, unless it is there
docs/programme.md explains the file and the options.`;

const DAY_MS = 24 * 3_600_000;
/** The SQLSTATE for a lock that another transaction held for too long. */
const LOCK_NOT_AVAILABLE = '55P03';

/** An error that the user can correct. The command prints its message, one line, and ends with exit code 1. */
class CommandError extends Error {}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommandError(`The file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Reads the document of a file and its errors. An undated programme gets its demonstration values, from the day after `today`. */
function documentOf(file: string, today = new Date()): { document: unknown; errors: DocumentError[] } {
  const { document, errors } = readJsonFile(bytesOf(file));
  const isUndated = typeof document === 'object' && document !== null && 'demonstration' in document;
  try {
    const dated = isUndated ? demonstrationProgramme(document, today) : document;
    return { document: dated, errors: [...errors, ...checkProgramme(dated)] };
  } catch (error) {
    if (!(error instanceof InvalidProgramme)) throw error;
    return { document, errors: [...errors, ...error.errors] };
  }
}

/** Prints the errors of a file, one line for each, and sets exit code 1. */
function printErrors(file: string, errors: DocumentError[]): void {
  for (const { path, message } of errors) console.error(`${file}: ${path || 'document'}: ${message}`);
  console.error(`${errors.length} ${errors.length === 1 ? 'error' : 'errors'}.`);
  process.exitCode = 1;
}

function printJson(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}

/** Whether a file is our own JSON, which may be undated. The files of other kinds are imported. */
function isOwnJson(bytes: Uint8Array): boolean {
  return fileKind(bytes) === 'json';
}

async function read(file: string): Promise<void> {
  const bytes = bytesOf(file);
  if (!isOwnJson(bytes) && fileKind(bytes) !== 'text') {
    const { draft, findings } = await importFile(file, bytes);
    printFindings(file, findings);
    return printJson(draft);
  }
  const { programme, doubts } = readProgrammeFile(bytes);
  for (const { line, about, message } of doubts) console.error(`${file}:${line}: ${about}: ${message}`);
  printJson(programme);
}

/** Prints findings, one line for each, and sets exit code 1 where something blocks. */
function printFindings(file: string, findings: Finding[]): void {
  for (const finding of findings) console.error(findingLine(file, finding));
  if (findings.some(({ blocks }) => blocks)) process.exitCode = 1;
}

async function check(file: string): Promise<void> {
  const bytes = bytesOf(file);
  if (!isOwnJson(bytes)) {
    const { findings } = await importFile(file, bytes);
    const errors = findings.filter(({ blocks }) => blocks).map((finding) => errorOf(finding));
    printJson({ valid: errors.length === 0, errors });
    return printFindings(file, findings);
  }
  const { errors } = documentOf(file);
  printJson({ valid: errors.length === 0, errors });
  if (errors.length > 0) printErrors(file, errors);
}

function errorOf(finding: Finding): DocumentError {
  return { path: describePlace(finding.place), message: describeFinding(finding, 'en') };
}

/** The document of a file that is to be loaded. @throws InvalidProgramme, CommandError for an import in which something blocks */
async function documentToLoad(database: Database, file: string, settings: FileSettings): Promise<unknown> {
  const bytes = bytesOf(file);
  if (isOwnJson(bytes)) {
    const { document, errors } = documentOf(file);
    if (errors.length > 0) throw new InvalidProgramme(errors);
    return withItsDays(database, file, document);
  }
  const { document, findings } = await importFile(file, bytes, settings, database);
  printFindings(file, findings);
  if (!document) throw new CommandError('Nothing was loaded.');
  return document;
}

async function load(file: string, options: LoadOptions, settings: FileSettings): Promise<void> {
  const { dryRun = false } = options;
  try {
    const { differences } = await withDatabase(async (database) =>
      loadProgramme(database, await documentToLoad(database, file, settings), options),
    );
    printJson({ loaded: !dryRun, dryRun, differences });
    printDifferences(differences, 'kept');
  } catch (error) {
    if (!(error instanceof LoadRefused)) throw error;
    printJson({ loaded: false, dryRun, differences: error.differences });
    printDifferences(error.differences, 'refused');
    console.error('Nothing was loaded.');
    process.exitCode = 1;
  }
}

/** An undated programme that is already loaded keeps its days. */
async function withItsDays(database: Database, file: string, document: unknown): Promise<unknown> {
  const { event } = document as ProgrammeDocument;
  const there = await new Programme(database).event({ slug: event.slug });
  return there ? documentOf(file, new Date(Date.parse(there.startsAt) - DAY_MS / 2)).document : document;
}

function printDifferences(differences: Difference[], outcome: Difference['outcome']): void {
  for (const each of differences.filter((difference) => difference.outcome === outcome)) {
    const { about, code, change, field, from, to, reason } = each;
    const values = from === undefined && to === undefined ? change : `${short(from)} → ${short(to)}`;
    console.error(`${about} ${code}: ${field ? `${field}: ` : ''}${values}: ${outcome}: ${reason}`);
  }
}

/** Formats a value on one line of limited length. */
function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

async function exportEvent(slug: string): Promise<void> {
  const exported = await withDatabase((database) => exportProgramme(database, slug));
  if (!exported) throw new CommandError(`There is no event ${slug.replace(/\p{Cc}/gu, '\u{fffd}')}.`);
  printJson(exported.document);
  if (exported.errors.length > 0) printErrors(slug, exported.errors);
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const url = withSecrets(process.env).DATABASE_URL;
  if (!url) throw new CommandError('Set DATABASE_URL to the database of the installation.');
  const database = openDatabase({ url, connectionsMax: 2, applicationName: 'comptoir-programme' });
  try {
    return await work(database);
  } catch (error) {
    const isOfFile = [InvalidProgramme, LoadRefused, CommandError, UnreadableDocument].some(
      (kind) => error instanceof kind,
    );
    if (isOfFile) throw error;
    if (sqlState(error) === LOCK_NOT_AVAILABLE) throw new CommandError('The database is busy: try again.');
    throw new CommandError(`The database cannot be used: ${(error as Error).message}`);
  } finally {
    await database.close();
  }
}

/** Parses the options of `load`. @throws CommandError for an unknown option. */
function loadOptions(args: string[]): { file: string; options: LoadOptions; settings: FileSettings } {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': flag,
        remove: flag,
        rename: flag,
        move: flag,
        overwrite: flag,
        keep: flag,
        as: { type: 'string' },
        event: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
      },
    });
    const [file, ...rest] = positionals;
    const { 'dry-run': dryRun, remove, rename, move, overwrite, keep, as, event, set } = values;
    const answers = answersOf(set);
    if (!file || rest.length > 0 || !answers || (overwrite && keep) || (as !== undefined && as !== 'draft'))
      throw new Error();
    const organisers = overwrite ? 'overwrite' : keep ? 'keep' : undefined;
    return { file, options: { dryRun, remove, rename, move, organisers, as }, settings: { answers, event } };
  } catch {
    throw new CommandError(USAGE);
  }
}

async function run([command, ...args]: string[]): Promise<void> {
  if (command === 'load') {
    const { file, options, settings } = loadOptions(args);
    return load(file, options, settings);
  }
  const [argument, ...rest] = args;
  if (rest.length > 0) throw new CommandError(USAGE);
  if (command === 'schema' && !argument) return printJson(programmeSchema());
  if (command === 'demonstration' && !argument) {
    await withDatabase(loadDemonstration);
    return console.log('The RAICT 2024 programme is there.');
  }
  if (!argument) throw new CommandError(USAGE);
  if (command === 'read') return read(argument);
  if (command === 'check') return check(argument);
  if (command === 'export') return exportEvent(argument);
  throw new CommandError(USAGE);
}

run(process.argv.slice(2)).catch((error: Error) => {
  const file = process.argv.slice(3).find((each) => !each.startsWith('-')) ?? '';
  if (error instanceof InvalidProgramme) return printErrors(file, error.errors);
  if (error instanceof UnreadableDocument) console.error(`${file}: ${error.message}`);
  else if (error instanceof CommandError || error instanceof ConfigurationError) console.error(error.message);
  else throw error;
  process.exitCode = 1;
});
