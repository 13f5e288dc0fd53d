import path from 'node:path';
import type { Database } from '#platform';
import {
  type Answers,
  type Assembled,
  assembleImport,
  describeFinding,
  describePlace,
  exportProgramme,
  FileReader,
  type Finding,
} from '#programme';

/** What the command line says of a file beside it. */
export interface FileSettings {
  /** `--set FIELD=VALUE`. */
  answers?: Answers;
  /** `--event SLUG`: the event that is changed; without it, the one that the file names. */
  event?: string;
}

/** Reads a file of any kind as a document. With a database, what the file does not say stays as the event has it. */
export async function importFile(
  file: string,
  bytes: Uint8Array,
  { answers, event }: FileSettings = {},
  database?: Database,
): Promise<Assembled> {
  const read = await new FileReader().read(bytes);
  const settings = { answers, locale: 'fr', fileName: path.basename(file), now: new Date() } as const;
  const alone = assembleImport(read, settings);
  const slug = event ?? slugOf(alone.draft);
  const existing = database && slug ? (await exportProgramme(database, slug))?.document : undefined;
  return existing ? assembleImport(read, { ...settings, existing }) : alone;
}

/** A finding in one line, with the option that sets it right. */
export function findingLine(file: string, finding: Finding): string {
  const { level, place, fields, entry } = finding;
  const paths = fields.map((field) => `--set ${field.path}=…`);
  const options = entry === undefined ? paths : [...paths, `--set entries.${entry}.skip=true`];
  const hint = finding.blocks && options.length > 0 ? ` (${options.join(', ')})` : '';
  return `${file}: ${describePlace(place)}: ${level}: ${describeFinding(finding, 'en')}${hint}`;
}

/** `FIELD=VALUE` of options. @returns undefined for one without an equals sign */
export function answersOf(sets: string[]): Answers | undefined {
  const pairs = sets.map((set) => [set.slice(0, set.indexOf('=')), set.slice(set.indexOf('=') + 1)] as const);
  if (sets.some((set) => set.indexOf('=') < 1)) return undefined;
  return Object.fromEntries(pairs.map(([field, value]) => [field, value === 'true' ? true : value]));
}

function slugOf(draft: unknown): string | undefined {
  const slug = (draft as { event?: { slug?: unknown } } | null)?.event?.slug;
  return typeof slug === 'string' ? slug : undefined;
}
