import { parse } from 'csv-parse/sync';
import { decode } from '../../reading/decode.ts';
import { UnreadableDocument } from '../../reading/unreadable.ts';
import { collectFindings } from '../finding.ts';
import type { ImportedTable } from '../imported.ts';
import { ROWS_MAX, tableOf } from './table.ts';

const DELIMITERS = [';', '\t', ',', '|'] as const;
/** How many lines decide the delimiter. */
const LINES_LOOKED_AT = 50;

/**
 * Reads a table whose cells stand between delimiters: semicolons, tabs, commas or bars, whichever gives the most equal rows. The number of a
 * row is that of a spreadsheet: a row whose cell has a line break is one row.
 */
export function readCsv(bytes: Uint8Array): ImportedTable {
  const { text, encoding } = decode(bytes);
  const { findings, report } = collectFindings();
  if (encoding === 'windows-1252')
    report({ level: 'warning', code: 'encoding-assumed', values: { encoding: 'Windows-1252' } });
  return tableOf(records(text, delimiterOf(text)), findings);
}

function records(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      delimiter,
      relax_column_count: true,
      // A formula has quotes inside its cell.
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: 1_000_000,
      to: ROWS_MAX + 2,
    }) as string[][];
  } catch (error) {
    throw new UnreadableDocument(`The table cannot be read: ${(error as Error).message}`);
  }
}

/** The delimiter that most often gives the rows the number of columns of the first one, two at least. */
function delimiterOf(text: string): string {
  const lines = text
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\n|\r/, LINES_LOOKED_AT)
    .filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  const scores = DELIMITERS.map((delimiter) => {
    const columns = first.split(delimiter).length;
    const equal = lines.filter((line) => line.split(delimiter).length === columns).length;
    return { delimiter, score: columns < 2 ? 0 : equal / lines.length + Math.min(columns, 9) / 10 };
  });
  return scores.reduce((best, each) => (each.score > best.score ? each : best)).delimiter;
}
