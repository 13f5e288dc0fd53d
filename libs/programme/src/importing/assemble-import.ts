import type { Locale } from '#contract';
import type { ProgrammeDocument } from '../document.ts';
import { AnswerReader, type Answers } from './answers.ts';
import { type Assembled, assemble } from './assemble.ts';
import { assembleDocument } from './assemble-document.ts';
import type { ReadImport } from './imported.ts';
import { guessMapping, type Mapping } from './table/columns.ts';
import { readRows } from './table/rows.ts';

/** What an import is for, and what was set by hand. */
export interface ImportSettings {
  answers?: Answers;
  /** The fields of the columns of a table; without it they are guessed from their headings. */
  mapping?: Mapping;
  /** The programme of the event as it is; without it the import makes a new event. */
  existing?: ProgrammeDocument;
  /** The language of texts whose language the file does not say. */
  locale: Locale;
  /** For a new event whose title the file does not say. */
  fileName: string;
  now: Date;
}

/** Makes a document of a file that was read, with its findings. The same file and settings give the same. */
export function assembleImport(read: ReadImport, settings: ImportSettings): Assembled {
  const { answers = {}, mapping } = settings;
  if (read.form === 'document') return assembleDocument(read.document, read.findings, answers, settings);
  if (read.form === 'programme') return assemble(read.programme, answers, settings);
  const reader = new AnswerReader(answers);
  const columns = mapping ?? guessMapping(read.table.columns);
  const monthFirst = reader.text('defaults.dateOrder') === 'month-first';
  return assemble(readRows(read.table, columns, { monthFirst, accepted: reader.acceptedRows() }), answers, settings);
}
