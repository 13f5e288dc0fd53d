import { UnreadableDocument } from '../../reading/unreadable.ts';
import type { Finding } from '../finding.ts';
import type { Column, ImportedTable } from '../imported.ts';
import { guessField } from './columns.ts';

/** The most rows of a table: those of the most Cafés of a programme. */
export const ROWS_MAX = 20_000;
const COLUMNS_MAX = 200;
/** The longest cell that is kept, in characters; a text of a programme has 4,000. */
const CELL_LENGTH_MAX = 10_000;
/** Above the heading there may be a title and a date. */
const ROWS_BEFORE_HEADING_MAX = 20;
const EXAMPLES = 3;

/**
 * Makes a table of rows: its heading is the row among the first that has the most headings that are known, and rows without a value are
 * skipped. Cells keep what is written, a formula too.
 * @throws UnreadableDocument for a table without rows below its heading, or one that is too large
 */
export function tableOf(records: string[][], findings: Finding[]): ImportedTable {
  const cells = records.map((record) => record.map((cell) => cell.slice(0, CELL_LENGTH_MAX).trim()));
  const at = headingAt(cells);
  const heading = cells[at];
  if (!heading) throw new UnreadableDocument('The table has no rows.', 'no-programme');
  if (heading.length > COLUMNS_MAX)
    throw new UnreadableDocument(`The table has more than ${COLUMNS_MAX} columns.`, 'too-large');
  const rows = cells
    .map((row, index) => ({ number: index + 1, cells: row }))
    .slice(at + 1)
    .filter((row) => row.cells.some((cell) => cell !== ''));
  if (rows.length === 0) throw new UnreadableDocument('The table has no rows below its heading.', 'no-programme');
  if (rows.length > ROWS_MAX) throw new UnreadableDocument(`The table has more than ${ROWS_MAX} rows.`, 'too-large');
  dropTrailingCells(rows, heading.length);
  const columns = heading.map((title, index): Column => {
    const examples = rows.flatMap((row) => row.cells[index] || []).slice(0, EXAMPLES);
    return { heading: title, letters: lettersOf(index), examples: examples.map((example) => example.slice(0, 80)) };
  });
  return { columns, rows, findings };
}

/** Where most rows end with one more delimiter than the heading, it ends the row and begins no cell. */
function dropTrailingCells(rows: { cells: string[] }[], columns: number): void {
  const trailing = rows.filter(({ cells }) => cells.length === columns + 1 && cells.at(-1) === '');
  if (trailing.length * 2 > rows.length) for (const { cells } of trailing) cells.pop();
}

function headingAt(rows: string[][]): number {
  const first = rows.findIndex((row) => row.some((cell) => cell !== ''));
  const known = rows
    .slice(0, ROWS_BEFORE_HEADING_MAX)
    .map((row) => row.filter((cell) => guessField(cell) !== undefined).length);
  const best = known.indexOf(Math.max(...known));
  return (known[best] ?? 0) >= 2 ? best : first;
}

/** The letters of a column in a sheet: A, B … Z, AA. */
export function lettersOf(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : lettersOf(Math.floor(index / 26) - 1) + String.fromCharCode(65 + (index % 26));
}
