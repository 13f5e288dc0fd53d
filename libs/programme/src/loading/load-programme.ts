import { isDeepStrictEqual } from 'node:util';
import type { Database, Prisma } from '#platform';
import { sqlState } from '#platform';
import { checkReferences, type ProgrammeDocument, parseProgramme } from '../document.ts';
import type { Transaction } from '../writing/author.ts';
import { addEvent } from '../writing/write-event.ts';
import { compareProgrammes } from './compare.ts';
import type { Difference, LoadOptions } from './difference.ts';
import { refuseSeats } from './refusals.ts';
import { readStoredProgramme, type StoredProgramme } from './stored-programme.ts';
import { writeProgramme } from './write-programme.ts';

/** What a load did, or would do with `dryRun`. Loading the same document again finds no difference. */
export interface Loaded {
  /** After a dry run that would add the event, there is no event with this id. */
  eventId: string;
  differences: Difference[];
}

/** Thrown when a load refuses at least one difference. Nothing was written. */
export class LoadRefused extends Error {
  override name = 'LoadRefused';
  readonly differences: Difference[];
  constructor(differences: Difference[]) {
    super(
      differences
        .flatMap(({ about, code, reason, outcome }) => (outcome === 'refused' ? [`${about} ${code}: ${reason}`] : []))
        .join('\n'),
    );
    this.differences = differences;
  }
}

/** The advisory lock of a load: one load runs at a time. */
const LOAD_LOCK = 7_212_025;
/** The maximum time for one load, and for its wait for a connection, in milliseconds. 20,000 Cafés take about a minute. */
const LOAD_TIMEOUT_MS = 300_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** The maximum number of retries of a load that conflicts with another change. */
const RETRIES_MAX = 5;

/** Thrown where another load of the same event runs. Nothing was written. */
export class LoadRunning extends Error {
  override name = 'LoadRunning';
}

/** What an import needs of a load in addition to its options. */
export interface LoadSteps {
  /** Throws `LoadRunning` while another load of the event runs, instead of waiting for it. */
  refuseWhileRunning?: boolean;
  /** Runs in the transaction of the load, after everything was written. */
  finish?: (transaction: Transaction, loaded: Loaded) => Promise<void>;
}

/** Thrown to roll back a dry run. */
class DryRun extends Error {
  readonly loaded: Loaded;
  constructor(loaded: Loaded) {
    super('dry run');
    this.loaded = loaded;
  }
}

/**
 * Changes the database to match a document, in one transaction. The answer contains every difference: those that were done, and those that
 * were kept because an organiser changed the field after the last load (ADR 36). A dry run makes the same changes and rolls them back.
 * @throws InvalidProgramme with the errors of the document
 * @throws LoadRefused when a difference is refused, with the reason and the option that allows it
 */
export async function loadProgramme(
  database: Database,
  document: unknown,
  options: LoadOptions = {},
  steps: LoadSteps = {},
): Promise<Loaded> {
  const programme = parseProgramme(document);
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.prisma.$transaction((transaction) => load(transaction, programme, options, steps), {
        timeout: LOAD_TIMEOUT_MS,
        maxWait: CONNECT_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof DryRun) return error.loaded;
      // A deadlock, or a change by another transaction before the lock was taken: nothing was written.
      if (attempt > RETRIES_MAX || !['40P01', '40001'].includes(sqlState(error) ?? '')) throw error;
    }
  }
}

/**
 * Compares a document with the database, without writing and without locks. What only the seat engine knows, such as a clash of a move, is
 * not in the answer.
 */
export async function compareWithStored(
  database: Database,
  file: ProgrammeDocument,
  options: LoadOptions,
): Promise<Difference[]> {
  return database.prisma.$transaction(
    async (transaction) => {
      const event = await transaction.event.findUnique({ where: { slug: file.event.slug }, select: { id: true } });
      if (!event) return addedBy(file);
      const stored = await readStoredProgramme(transaction, event.id, { lock: false });
      const programmes = { loaded: stored.loaded, file, current: stored.document };
      return refuseSeats(compareProgrammes(programmes, options).differences, stored, options);
    },
    { timeout: LOAD_TIMEOUT_MS, maxWait: CONNECT_TIMEOUT_MS, isolationLevel: 'RepeatableRead' },
  );
}

function addedBy({ event, rooms, cafes }: ProgrammeDocument): Difference[] {
  const added = { change: 'added', outcome: 'done' } as const;
  return [
    { about: 'event', code: event.slug, ...added },
    ...rooms.map(({ code }): Difference => ({ about: 'room', code, ...added })),
    ...cafes.map(({ code }): Difference => ({ about: 'cafe', code, ...added })),
  ];
}

async function load(
  transaction: Transaction,
  file: ProgrammeDocument,
  options: LoadOptions,
  { refuseWhileRunning, finish }: LoadSteps,
): Promise<Loaded> {
  if (refuseWhileRunning) await lockEvent(transaction, file.event.slug);
  await transaction.$executeRaw`select pg_advisory_xact_lock(${LOAD_LOCK})`;
  const known = await findEvent(transaction, file, options);
  if (isRefused(known.differences)) throw new LoadRefused(known.differences);
  const added: Difference[] = known.eventId
    ? []
    : [{ about: 'event', code: file.event.slug, change: 'added', outcome: 'done' }];
  const eventId = known.eventId ?? (await addEvent(transaction, file.event));
  const stored = await readStoredProgramme(transaction, eventId, { lock: true });
  const { result, differences } = compareProgrammes(
    { loaded: known.eventId ? stored.loaded : withoutContent(stored), file, current: stored.document },
    options,
  );
  const all = [...added, ...known.differences, ...refuseSeats(differences, stored, options)];
  if (isRefused(all)) throw new LoadRefused(all);
  const refused = await writeProgramme(transaction, { stored, result, differences });
  if (refused.length > 0) throw new LoadRefused(withRefusals(all, refused));
  await storeLoadedDocument(transaction, stored, file, result);
  const loaded = { eventId, differences: all };
  if (options.dryRun) throw new DryRun(loaded);
  await finish?.(transaction, loaded);
  return loaded;
}

/** @throws LoadRunning while another load of this event holds the lock */
async function lockEvent(transaction: Transaction, slug: string): Promise<void> {
  const [lock] = await transaction.$queryRaw<
    { taken: boolean }[]
  >`select pg_try_advisory_xact_lock(${LOAD_LOCK}::integer, hashtext(${slug})) as taken`;
  if (!lock?.taken) throw new LoadRunning(`another load of ${slug} runs`);
}

/** A new event had no rooms and no Cafés before: the file adds all of them. */
function withoutContent({ document }: StoredProgramme): ProgrammeDocument {
  return { ...document, rooms: [], cafes: [] };
}

const isRefused = (differences: Difference[]) => differences.some(({ outcome }) => outcome === 'refused');

/** Replaces differences that were assumed to be done with those that were refused during the write. */
function withRefusals(all: Difference[], refused: Difference[]): Difference[] {
  const same = (one: Difference, other: Difference) =>
    one.about === other.about && one.code === other.code && one.change === other.change && one.field === other.field;
  const kept = all.filter((each) => !refused.some((other) => same(each, other)));
  return [...kept, ...refused.map((each) => ({ ...all.find((other) => same(each, other)), ...each }))];
}

/** Finds the event of a file by its slug, or an event with the same title and days and another slug. The latter is renamed or refused. */
async function findEvent(
  transaction: Transaction,
  { event }: ProgrammeDocument,
  { rename }: LoadOptions,
): Promise<{ eventId?: string; differences: Difference[] }> {
  const known = await transaction.event.findUnique({ where: { slug: event.slug }, select: { id: true } });
  if (known) return { eventId: known.id, differences: [] };
  const twins = await transaction.event.findMany({
    where: {
      startsAt: { lt: event.endsAt },
      endsAt: { gt: event.startsAt },
      title: { path: [event.locales[0] ?? ''], equals: event.title[event.locales[0] ?? ''] },
    },
    select: { id: true, slug: true },
    take: 1,
  });
  const [twin] = twins;
  if (!twin) return { differences: [] };
  const what = {
    about: 'event',
    code: event.slug,
    change: 'renamed',
    field: 'slug',
    from: twin.slug,
    to: event.slug,
  } as const;
  if (rename) return { eventId: twin.id, differences: [{ ...what, outcome: 'done' }] };
  const reason = `the event ${twin.slug} has this title on these days: --rename gives it the slug ${event.slug}; for a second event, give another title`;
  return { differences: [{ ...what, outcome: 'refused', reason }] };
}

/** Stores the document of this load for the next comparison: the file, with the current values of the fields that it leaves out. */
async function storeLoadedDocument(
  transaction: Transaction,
  { eventId, loaded, document: current }: StoredProgramme,
  file: ProgrammeDocument,
  result: ProgrammeDocument,
): Promise<void> {
  const { $schema: _schema, ...rest } = file;
  const now = new Map(result.cafes.map((cafe) => [cafe.code, cafe]));
  const known = new Set(current.cafes.map(({ code }) => code));
  const document = plain({
    ...rest,
    event: { ...result.event, ...plain(file.event) },
    cafes: file.cafes.map((cafe) => {
      const { state, waitlistOpen } = now.get(cafe.code) ?? {};
      // The state of a new Café may differ from the file (--as draft).
      const written = known.has(cafe.code) ? {} : { state };
      return { state, waitlistOpen, ...plain(cafe), ...written };
    }),
  }) as unknown as Prisma.InputJsonObject;
  if (isDeepStrictEqual(document, loaded)) return;
  const values = { document, loadedAt: new Date() };
  await transaction.programmeLoad.upsert({ where: { eventId }, create: { eventId, ...values }, update: values });
}

/** Returns a value without undefined members, as JSON stores it. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/**
 * Exports the current programme of an event as a document. Loading it again finds no difference.
 * @returns undefined for an unknown event; otherwise the document, and its errors if it was not loaded from a file
 */
export async function exportProgramme(database: Database, slug: string) {
  return database.prisma.$transaction(
    async (transaction) => {
      const event = await transaction.event.findUnique({ where: { slug }, select: { id: true } });
      if (!event) return undefined;
      const { document } = await readStoredProgramme(transaction, event.id, { lock: false });
      return { document, errors: checkReferences(document) };
    },
    { timeout: LOAD_TIMEOUT_MS, maxWait: CONNECT_TIMEOUT_MS, isolationLevel: 'RepeatableRead' },
  );
}
