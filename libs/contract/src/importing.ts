import * as z from 'zod/mini';
import { Id, Instant } from './common.ts';

/** The largest file of an import, in bytes. */
export const IMPORT_BYTES_MAX = 10_000_000;
/** How many entries, differences and findings a preview lists at most; its counts count all. */
export const IMPORT_LIST_MAX = 500;

/** The kinds of files that are read. */
export const ImportKind = z.enum(['json', 'yaml', 'frab-json', 'frab-xml', 'csv', 'xlsx', 'text', 'pdf', 'docx']);

/** What a column of a table may say. */
export const ImportColumnField = z.enum([
  'id',
  'code',
  'day',
  'start',
  'end',
  'minutes',
  'room',
  'title',
  'summary',
  'speakers',
  'hosts',
  'seats',
  'language',
  'kind',
  'keywords',
  'audience',
  'takeaways',
]);
export type ImportColumnField = z.infer<typeof ImportColumnField>;

/** The name of the file, for people. */
export const ImportFile = z.object({
  fileName: z
    .string()
    .check(
      z.trim(),
      z.minLength(1),
      z.maxLength(200),
      z.regex(/^[^\p{Cc}\p{Surrogate}]*$/u, 'must not contain control characters'),
    ),
});

/** Where in the file a finding stands. Rows, lines and pages count from 1. */
export const ImportPlace = z.object({
  row: z.optional(z.int()),
  column: z.optional(z.string()),
  path: z.optional(z.string()),
  line: z.optional(z.int()),
  page: z.optional(z.int()),
  /** The words of the file that the finding is about. */
  passage: z.optional(z.string()),
  about: z.optional(z.string()),
});
export type ImportPlace = z.infer<typeof ImportPlace>;

/** A field that sets a finding right. `path` is a key of `answers`. */
export const ImportField = z.object({
  path: z.string(),
  type: z.enum(['text', 'date', 'time', 'number', 'choice', 'time-zone']),
  /** What was read or assumed. */
  value: z.optional(z.union([z.string(), z.number()])),
  choices: z.optional(z.array(z.string())),
});
export type ImportField = z.infer<typeof ImportField>;

/**
 * What an import found. `error`: set it right or leave the entry out. `warning`: it can be imported as it is. `doubt`: the reader is not sure.
 * While one that `blocks` stands, nothing can be applied.
 */
export const ImportFinding = z.object({
  level: z.enum(['error', 'warning', 'doubt']),
  code: z.string(),
  /** In the language asked for. */
  message: z.string(),
  place: ImportPlace,
  blocks: z.boolean(),
  fields: z.array(ImportField),
  /** The entry that can be left out instead: `entries.{entry}.skip`. */
  entry: z.optional(z.string()),
});
export type ImportFinding = z.infer<typeof ImportFinding>;

/** An entry as it was understood. What is not known is left out. */
export const ImportEntry = z.object({
  key: z.string(),
  code: z.string(),
  title: z.string(),
  room: z.optional(z.string()),
  day: z.optional(z.string()),
  startsAt: z.optional(Instant),
  endsAt: z.optional(Instant),
  capacity: z.optional(z.int()),
  speakers: z.array(z.string()),
  skipped: z.optional(z.literal(true)),
});
export type ImportEntry = z.infer<typeof ImportEntry>;

/** One difference between the file and the event. `kept`: it stays as it is. `refused`: nothing can be applied, and `reason` says why. */
export const ImportDifference = z.object({
  about: z.enum(['event', 'room', 'cafe']),
  code: z.string(),
  change: z.enum(['added', 'changed', 'removed', 'renamed']),
  field: z.optional(z.string()),
  from: z.optional(z.unknown()),
  to: z.optional(z.unknown()),
  outcome: z.enum(['done', 'kept', 'refused']),
  reason: z.optional(z.string()),
});
export type ImportDifference = z.infer<typeof ImportDifference>;

/** What an import may do beyond adding and changing what nobody else changed. */
export const ImportOptions = z.strictObject({
  /** Remove the Cafés that the file does not have any more. Those in which people have seats are refused. */
  remove: z.optional(z.boolean()),
  /** New Cafés are drafts. */
  draft: z.optional(z.boolean()),
  /** Move Cafés with registrations, and tell their people. */
  move: z.optional(z.boolean()),
  /** What organisers changed after the last import: take the file's value, or keep theirs. */
  organisers: z.optional(z.enum(['overwrite', 'keep'])),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

/** What an import would do. */
export const ImportPreview = z.object({
  id: Id,
  kind: ImportKind,
  fileName: z.string(),
  expiresAt: Instant,
  /** The event that it changes; left out: it makes a new event, a draft. */
  eventId: z.optional(Id),
  /** What is known of the event: its address, its title in its first language, its time zone. */
  event: z.object({ slug: z.optional(z.string()), title: z.optional(z.string()), timeZone: z.optional(z.string()) }),
  findings: z.array(ImportFinding),
  /** How many findings there are of each level, and how many block. */
  findingCounts: z.object({ error: z.int(), doubt: z.int(), warning: z.int(), blocking: z.int() }),
  /** Of a table: its columns, and the field of each, in their order. */
  columns: z.optional(z.array(z.object({ heading: z.string(), letters: z.string(), examples: z.array(z.string()) }))),
  mapping: z.optional(z.array(z.nullable(ImportColumnField))),
  answers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  rooms: z.array(z.object({ code: z.string(), name: z.string(), capacity: z.optional(z.int()) })),
  entries: z.array(ImportEntry),
  entryCount: z.int(),
  /** Empty while something blocks. */
  differences: z.array(ImportDifference),
  /** How many rooms and Cafés are new, changed and gone from the file, and how many differences are refused. */
  differenceCounts: z.object({ added: z.int(), changed: z.int(), removed: z.int(), refused: z.int() }),
  /** Nothing blocks and nothing is refused. */
  ready: z.boolean(),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

const Answer = z.nullable(z.union([z.string().check(z.maxLength(4_000)), z.number(), z.boolean()]));

/** `PATCH /imports/{id}`: values set by hand, by the path of a field; null takes one back. `options`: those of the answer's differences. */
export const ImportChange = z.strictObject({
  answers: z.optional(
    z
      .record(z.string().check(z.minLength(1), z.maxLength(200)), Answer)
      .check(z.refine((answers) => Object.keys(answers).length <= 2_000, 'has too many answers')),
  ),
  mapping: z.optional(z.array(z.nullable(ImportColumnField)).check(z.maxLength(200))),
  options: z.optional(ImportOptions),
});
export type ImportChange = z.infer<typeof ImportChange>;

/** What was imported. */
export const ImportApplied = z.object({
  eventId: Id,
  slug: z.string(),
  differenceCounts: ImportPreview.shape.differenceCounts,
});
export type ImportApplied = z.infer<typeof ImportApplied>;
