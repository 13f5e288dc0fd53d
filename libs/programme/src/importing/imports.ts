import { auditEntry } from '#audit-log';
import { defaultLocale } from '#contract';
import { type Database, Prisma } from '#platform';
import type { ProgrammeDocument } from '../document.ts';
import type { Difference, LoadOptions } from '../loading/difference.ts';
import { compareWithStored, exportProgramme, type Loaded, loadProgramme } from '../loading/load-programme.ts';
import { timeZoneError } from '../time-zone.ts';
import type { Answers } from './answers.ts';
import type { EntryPreview } from './assemble.ts';
import { assembleImport } from './assemble-import.ts';
import { collectFindings, type Finding } from './finding.ts';
import type { Column, ImportKind, ReadImport } from './imported.ts';
import { type ColumnField, foldHeading, guessMapping, type Mapping } from './table/columns.ts';

/** How long a file that was read can be applied. */
const KEPT_HOURS = 24;
/** The most answers of one import: some for each entry of the largest programme. */
const ANSWERS_MAX = 50_000;
/** The most imports of one person that are kept; the oldest goes for a new one. */
const IMPORTS_OF_PERSON_MAX = 10;

/** What an import would do, and what a person has to say before. */
export interface ImportPreview {
  id: string;
  kind: ImportKind;
  fileName: string;
  /** ISO 8601. */
  expiresAt: string;
  /** The event that it changes; without one it makes a new event. */
  eventId?: string;
  event: { slug?: string; title?: string; timeZone?: string };
  /** What blocks first, then errors, doubts and warnings. */
  findings: Finding[];
  /** Of a table. */
  columns?: Column[];
  mapping?: Mapping;
  answers: Answers;
  entries: EntryPreview[];
  rooms: { code: string; name: string; capacity?: number }[];
  /** Empty while a finding blocks. */
  differences: Difference[];
  /** Whether it can be applied: nothing blocks and no difference is refused. */
  ready: boolean;
}

/** What an import does beyond adding and changing what nobody else changed. */
export type ImportOptions = Pick<LoadOptions, 'remove' | 'move' | 'organisers'> & {
  /** New Cafés are drafts. */
  draft?: boolean;
};

/** Thrown where an import is applied that is not ready. `preview` says why. */
export class ImportNotReady extends Error {
  override name = 'ImportNotReady';
  readonly preview: ImportPreview;
  constructor(preview: ImportPreview) {
    super('the import is not ready');
    this.preview = preview;
  }
}

interface ImportRow {
  id: string;
  eventId: string | null;
  attendeeId: string;
  fileName: string;
  content: ReadImport;
  mapping: Mapping | null;
  answers: Answers;
  expiresAt: Date;
}

/** Imports of programmes: a file that was read is kept for a day, shown with what it would do, set right by hand, and applied. */
export class Imports {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps a file that was read. The fields of its columns are those that the organisation gave these headings before. Returns its id. */
  async add(
    content: ReadImport,
    { attendeeId, eventId, fileName }: { attendeeId: string; eventId?: string; fileName: string },
  ): Promise<string> {
    const { prisma } = this.#database;
    const kept = await prisma.programmeImport.findMany({
      where: { attendeeId },
      orderBy: { createdAt: 'desc' },
      skip: IMPORTS_OF_PERSON_MAX - 1,
      select: { id: true },
    });
    if (kept.length > 0) await prisma.programmeImport.deleteMany({ where: { id: { in: kept.map(({ id }) => id) } } });
    const mapping =
      content.form === 'table' ? guessMapping(content.table.columns, await this.#remembered(eventId)) : undefined;
    const { id } = await prisma.programmeImport.create({
      data: {
        attendeeId,
        eventId,
        fileName,
        content: content as unknown as Prisma.InputJsonObject,
        ...(mapping && { mapping }),
        expiresAt: new Date(Date.now() + KEPT_HOURS * 3_600_000),
      },
      select: { id: true },
    });
    return id;
  }

  /** The event of an import that this person sent; undefined where there is none, `null` for a new event. */
  async eventOf(id: string, attendeeId: string): Promise<string | null | undefined> {
    const row = await this.#database.prisma.programmeImport.findFirst({
      where: { id, attendeeId, expiresAt: { gt: new Date() } },
      select: { eventId: true },
    });
    return row?.eventId;
  }

  /** What an import would do; undefined where this person sent none with this id. */
  async preview(id: string, attendeeId: string, options: ImportOptions = {}): Promise<ImportPreview | undefined> {
    const row = await this.#find(id, attendeeId);
    return row && (await this.#assemble(row, options)).preview;
  }

  /**
   * Sets answers and the fields of columns. `null` takes an answer back. The fields of columns are remembered for the organisation.
   * @returns false where this person sent no import with this id
   */
  async change(
    id: string,
    attendeeId: string,
    { answers, mapping }: { answers?: Record<string, string | number | boolean | null>; mapping?: Mapping },
  ): Promise<boolean> {
    const row = await this.#find(id, attendeeId);
    if (!row) return false;
    const merged = Object.entries({ ...row.answers, ...answers }).filter(([, value]) => value !== null);
    if (merged.length > ANSWERS_MAX) merged.length = ANSWERS_MAX;
    const isTable = row.content.form === 'table';
    if (mapping && isTable) await this.#remember(row, mapping);
    await this.#database.prisma.programmeImport.update({
      where: { id },
      data: { answers: Object.fromEntries(merged) as Prisma.InputJsonObject, ...(mapping && isTable && { mapping }) },
    });
    return true;
  }

  /**
   * Applies an import, in one transaction: everything or nothing. The import is gone after it.
   * @returns undefined where this person sent no import with this id
   * @throws ImportNotReady while something blocks
   * @throws LoadRefused, LoadRunning as `loadProgramme`
   */
  async apply(
    id: string,
    attendeeId: string,
    options: ImportOptions = {},
  ): Promise<{ eventId: string; slug: string; differences: Difference[] } | undefined> {
    const row = await this.#find(id, attendeeId);
    if (!row) return undefined;
    const { document, preview } = await this.#assemble(row, options);
    if (!document || preview.findings.some(({ blocks }) => blocks)) throw new ImportNotReady(preview);
    const { slug } = document.event;
    try {
      const { eventId, differences } = await loadProgramme(this.#database, document, loadOptions(options), {
        refuseWhileRunning: true,
        finish: async (transaction, loaded) => {
          await transaction.programmeImport.delete({ where: { id } });
          await auditEntry(transaction, auditOf(row, document, loaded));
        },
      });
      return { eventId, slug, differences };
    } catch (error) {
      // Another call applied it meanwhile.
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2025') return undefined;
      throw error;
    }
  }

  /** Deletes an import. Safe to repeat. */
  async remove(id: string, attendeeId: string): Promise<void> {
    await this.#database.prisma.programmeImport.deleteMany({ where: { id, attendeeId } });
  }

  /** Deletes the imports whose time is over. */
  async deleteExpired(): Promise<void> {
    await this.#database.prisma.programmeImport.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  }

  async #find(id: string, attendeeId: string): Promise<ImportRow | undefined> {
    const row = await this.#database.prisma.programmeImport.findFirst({
      where: { id, attendeeId, expiresAt: { gt: new Date() } },
    });
    return (row as ImportRow | null) ?? undefined;
  }

  async #assemble(
    row: ImportRow,
    options: ImportOptions,
  ): Promise<{ preview: ImportPreview; document?: ProgrammeDocument }> {
    const { content, mapping, answers, fileName, eventId } = row;
    const existing = eventId === null ? undefined : await this.#existing(eventId);
    const settings = {
      answers,
      mapping: mapping ?? undefined,
      existing,
      locale: defaultLocale,
      fileName,
      now: new Date(),
    } as const;
    const { document, draft, findings, entries } = assembleImport(content, settings);
    // A new event is a draft, as every event that an organiser makes.
    if (document && eventId === null) document.event.state = 'draft';
    const all = [...(await this.#takenSlug(document, eventId)), ...findings];
    const blocked = all.some(({ blocks }) => blocks);
    const differences =
      document && !blocked ? await compareWithStored(this.#database, document, loadOptions(options)) : [];
    const preview: ImportPreview = {
      id: row.id,
      kind: content.kind,
      fileName,
      expiresAt: row.expiresAt.toISOString(),
      ...(eventId !== null && { eventId }),
      event: eventFacts(draft),
      findings: all,
      ...(content.form === 'table' && { columns: content.table.columns, mapping: mapping ?? [] }),
      answers,
      entries,
      rooms: (draft as { rooms?: ImportPreview['rooms'] } | null)?.rooms ?? [],
      differences,
      ready: !blocked && differences.every(({ outcome }) => outcome !== 'refused'),
    };
    return { preview, document };
  }

  async #existing(eventId: string): Promise<ProgrammeDocument | undefined> {
    const event = await this.#database.prisma.event.findUnique({ where: { id: eventId }, select: { slug: true } });
    return event ? (await exportProgramme(this.#database, event.slug))?.document : undefined;
  }

  /** A new event needs an address of its own. */
  async #takenSlug(document: ProgrammeDocument | undefined, eventId: string | null): Promise<Finding[]> {
    if (!document || eventId !== null) return [];
    const { slug } = document.event;
    const taken = await this.#database.prisma.event.findUnique({ where: { slug }, select: { id: true } });
    const { findings, report } = collectFindings();
    if (taken) {
      const fields = [{ path: 'event.slug', type: 'text' as const, value: slug }];
      report({ level: 'error', code: 'slug-taken', values: { slug }, fields });
    }
    return findings;
  }

  async #organisationOf(eventId: string | undefined | null): Promise<string | undefined> {
    if (!eventId) return undefined;
    const event = await this.#database.prisma.event.findUnique({ where: { id: eventId } });
    return event?.organisationId;
  }

  async #remembered(eventId: string | undefined): Promise<Map<string, ColumnField | null>> {
    const organisationId = await this.#organisationOf(eventId);
    if (!organisationId) return new Map();
    const columns = await this.#database.prisma.importColumn.findMany({ where: { organisationId } });
    return new Map(columns.map(({ heading, field }) => [heading, field as ColumnField | null]));
  }

  async #remember({ content, eventId }: ImportRow, mapping: Mapping): Promise<void> {
    const organisationId = await this.#organisationOf(eventId);
    if (!organisationId || content.form !== 'table') return;
    const { prisma } = this.#database;
    for (const [index, { heading }] of content.table.columns.entries()) {
      const folded = foldHeading(heading).slice(0, 200);
      if (folded === '') continue;
      const key = { organisationId, heading: folded };
      const field = mapping[index] ?? null;
      await prisma.importColumn.upsert({
        where: { organisationId_heading: key },
        create: { ...key, field },
        update: { field },
      });
    }
  }
}

/** What a draft says of its event; a document that a person wrote may say anything. */
function eventFacts(draft: unknown): ImportPreview['event'] {
  const { slug, title, timeZone } = (draft as { event?: Record<string, unknown> } | null)?.event ?? {};
  const first: unknown = typeof title === 'object' && title !== null ? Object.values(title)[0] : undefined;
  return {
    ...(typeof slug === 'string' && { slug }),
    ...(typeof first === 'string' && { title: first }),
    ...(typeof timeZone === 'string' && timeZoneError(timeZone) === undefined && { timeZone }),
  };
}

/** The entry of the audit log: how many differences of each kind were done. */
function auditOf({ attendeeId, fileName, content }: ImportRow, { event }: ProgrammeDocument, loaded: Loaded) {
  const done = Map.groupBy(
    loaded.differences.filter(({ outcome }) => outcome === 'done'),
    ({ about, change }) => `${about}-${change}`,
  );
  const counts = Object.fromEntries([...done].map(([what, differences]) => [what, differences.length]));
  return {
    what: 'programme-imported',
    subject: { kind: 'event', id: loaded.eventId, label: Object.values(event.title)[0] },
    actorId: attendeeId,
    eventId: loaded.eventId,
    after: { fileName, kind: content.kind, ...counts },
  } as const;
}

function loadOptions({ draft, remove, move, organisers }: ImportOptions): LoadOptions {
  // The preview shows what the file changes, and a person said yes to it.
  return {
    remove,
    move,
    organisers,
    unknown: 'overwrite',
    keepMissing: !remove,
    ...(draft && { as: 'draft' as const }),
  };
}
