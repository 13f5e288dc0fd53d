import type { Locale } from '#contract';
import { type FindingCode, findingTexts } from './finding-texts.ts';

export type { FindingCode } from './finding-texts.ts';

/** Where in the file something stands. Rows, lines and pages count from 1, as the program shows them that made the file. */
export interface Place {
  row?: number;
  /** The heading of the column, or its letters in a sheet. */
  column?: string;
  /** The path in JSON, YAML or XML: `schedule.day.0.room.1.event.0`. */
  path?: string;
  line?: number;
  page?: number;
  /** The words of the file that the finding is about. */
  passage?: string;
  /** The title or the code of the entry. */
  about?: string;
}

/** What kind of value sets a field right. */
export type FieldType = 'text' | 'date' | 'time' | 'number' | 'choice' | 'time-zone';

/** A field that sets a finding right. `path` is a key of `Answers`. */
export interface FindingField {
  path: string;
  type: FieldType;
  /** What stands there now: what was read or assumed. */
  value?: string | number;
  choices?: readonly string[];
}

/**
 * Something that an import found. `error`: nothing is written until a person set it right or left the entry out. `warning`: it can be
 * imported as it is. `doubt`: the reader of a text is not sure; where nothing could be assumed it blocks, as an error does.
 */
export interface Finding {
  level: 'error' | 'warning' | 'doubt';
  code: FindingCode;
  values: Record<string, string | number>;
  place: Place;
  /** Nothing is written while it stands. */
  blocks: boolean;
  fields: FindingField[];
  /** The entry that can be left out instead. */
  entry?: string;
}

/** Reports a finding. Without `blocks`, errors block and others do not. */
export type Report = (finding: Pick<Finding, 'level' | 'code'> & Partial<Finding>) => void;

/** A list of findings, and the function that adds to it. */
export function collectFindings(): { findings: Finding[]; report: Report } {
  const findings: Finding[] = [];
  const report: Report = ({ level, values = {}, place = {}, fields = [], blocks = level === 'error', ...rest }) =>
    findings.push({ level, values, place, fields, blocks, ...rest });
  return { findings, report };
}

/** A finding as a sentence in one language. */
export function describeFinding({ code, values }: Pick<Finding, 'code' | 'values'>, locale: Locale): string {
  return findingTexts[code][locale].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The place of a finding for a line of a terminal: `row 5, End`, `schedule.day.0`, `line 12`. */
export function describePlace({ row, column, path, line, page, about }: Place): string {
  const parts = [
    page && `page ${page}`,
    line && `line ${line}`,
    row && `row ${row}`,
    column && `column ${column}`,
    path,
    about,
  ];
  return parts.filter(Boolean).join(', ') || 'document';
}
