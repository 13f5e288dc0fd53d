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

/** What a load did, or with `dryRun` would do. Loading the same document again finds no difference. */
export interface Loaded {
  /** After a dry run that would add the event, no event has this id. */
  eventId: string;
  differences: Difference[];
}

/** Thrown where a load refuses at least one difference. Nothing was written. */
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

/** One load runs at a time. */
const LOAD_LOCK = 7_212_025;
/** How long one load may take, and wait for a connection, in milliseconds: 20,000 Cafés take about a minute. */
const LOAD_TIMEOUT_MS = 300_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** How often a load runs again that another change collided with. */
const RETRIES_MAX = 5;

/** Rolls a dry run back. */
class DryRun extends Error {
  readonly loaded: Loaded;
  constructor(loaded: Loaded) {
    super('dry run');
    this.loaded = loaded;
  }
}

/**
 * Brings the database to a document, in one transaction, or changes nothing. Every difference is in the answer: what was done, and what
 * an organiser changed after the last load and stays (ADR 36). A dry run does the same and rolls back.
 * @throws InvalidProgramme with the errors of the document
 * @throws LoadRefused where a difference is refused; each says why, and which option does it
 */
export async function loadProgramme(database: Database, document: unknown, options: LoadOptions = {}): Promise<Loaded> {
  const programme = parseProgramme(document);
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.prisma.$transaction((transaction) => load(transaction, programme, options), {
        timeout: LOAD_TIMEOUT_MS,
        maxWait: CONNECT_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof DryRun) return error.loaded;
      // A deadlock, or a change before a lock: nothing was written.
      if (attempt > RETRIES_MAX || !['40P01', '40001'].includes(sqlState(error) ?? '')) throw error;
    }
  }
}

async function load(transaction: Transaction, file: ProgrammeDocument, options: LoadOptions): Promise<Loaded> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(${LOAD_LOCK})`;
  const known = await findEvent(transaction, file, options);
  if (isRefused(known.differences)) throw new LoadRefused(known.differences);
  const added: Difference[] = known.eventId
    ? []
    : [{ about: 'event', code: file.event.slug, change: 'added', outcome: 'done' }];
  const eventId = known.eventId ?? (await addEvent(transaction, file.event));
  const stored = await readStoredProgramme(transaction, eventId, { lock: true });
  const { result, differences } = compareProgrammes(
    { loaded: known.eventId ? stored.loaded : emptied(stored), file, current: stored.document },
    options,
  );
  const all = [...added, ...known.differences, ...refuseSeats(differences, stored, options)];
  if (isRefused(all)) throw new LoadRefused(all);
  const refused = await writeProgramme(transaction, { stored, result, differences });
  if (refused.length > 0) throw new LoadRefused(replaced(all, refused));
  await remember(transaction, stored, file, result);
  const loaded = { eventId, differences: all };
  if (options.dryRun) throw new DryRun(loaded);
  return loaded;
}

/** A new event came from nothing: its rooms and Cafés are all the file's. */
function emptied({ document }: StoredProgramme): ProgrammeDocument {
  return { ...document, rooms: [], cafes: [] };
}

const isRefused = (differences: Difference[]) => differences.some(({ outcome }) => outcome === 'refused');

/** The differences with those that were refused in the end in the place of what was thought to be done. */
function replaced(all: Difference[], refused: Difference[]): Difference[] {
  const same = (one: Difference, other: Difference) =>
    one.about === other.about && one.code === other.code && one.change === other.change && one.field === other.field;
  const kept = all.filter((each) => !refused.some((other) => same(each, other)));
  return [...kept, ...refused.map((each) => ({ ...all.find((other) => same(each, other)), ...each }))];
}

/** The event of a file, by its slug; or one with the same title and days under another slug, which is renamed or refused. */
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

/** Keeps what this load left, for the next comparison: the file, with what it left out as it is now. */
async function remember(
  transaction: Transaction,
  { eventId, loaded, document: there }: StoredProgramme,
  file: ProgrammeDocument,
  result: ProgrammeDocument,
): Promise<void> {
  const { $schema: _schema, ...rest } = file;
  const now = new Map(result.cafes.map((cafe) => [cafe.code, cafe]));
  const known = new Set(there.cafes.map(({ code }) => code));
  const document = plain({
    ...rest,
    event: { ...result.event, ...plain(file.event) },
    cafes: file.cafes.map((cafe) => {
      const { state, waitlistOpen } = now.get(cafe.code) ?? {};
      // A new Café may have another state than the file says (--as draft).
      const written = known.has(cafe.code) ? {} : { state };
      return { state, waitlistOpen, ...plain(cafe), ...written };
    }),
  }) as unknown as Prisma.InputJsonObject;
  if (isDeepStrictEqual(document, loaded)) return;
  const values = { document, loadedAt: new Date() };
  await transaction.programmeLoad.upsert({ where: { eventId }, create: { eventId, ...values }, update: values });
}

/** A value as JSON keeps it: without members that are undefined. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/**
 * The document of what is there. Loading it again finds no difference.
 * @returns undefined for an unknown event; else the document, and what is wrong with it where it was not made by a file
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
