import readXlsxFile from 'read-excel-file/universal';
import { UnreadableDocument } from '../../reading/unreadable.ts';
import { collectFindings, type Report } from '../finding.ts';
import type { ImportedTable } from '../imported.ts';
import { checkArchive, type ReadEntry } from '../zip.ts';
import { lettersOf, tableOf } from './table.ts';

/** A sheet with its name; a cell is a text, a number as it is written, a truth value or a date. */
interface Sheet {
  name: string;
  rows: unknown[][];
}

/** Merged cells of a sheet beyond this many are left as they are. */
const MERGES_MAX = 10_000;

/** Reads the first sheet with rows of a workbook. Merged cells have their value in each row; what a formula gave last is its value. */
export async function readXlsx(bytes: Uint8Array): Promise<ImportedTable> {
  const entry = checkArchive(bytes);
  const { findings, report } = collectFindings();
  const sheets = await sheetsOf(bytes);
  const filled = sheets.filter(({ rows }) => rows.some((row) => row.some((cell) => cell !== null)));
  const [sheet] = filled;
  if (!sheet) throw new UnreadableDocument('The workbook has no rows.', 'no-programme');
  if (filled.length > 1)
    report({ level: 'warning', code: 'first-sheet', values: { sheet: sheet.name, sheets: filled.length } });
  const rows = sheet.rows.map((row) => row.map(textOf));
  const number = sheets.indexOf(sheet) + 1;
  fillMerged(rows, entry, number, report);
  reportFormulas(entry, number, report);
  return tableOf(rows, findings);
}

async function sheetsOf(bytes: Uint8Array): Promise<Sheet[]> {
  try {
    // A copy, because the library takes no part of a larger buffer.
    const sheets = await readXlsxFile(new Uint8Array(bytes).buffer, { parseNumber: String });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data as unknown[][] }));
  } catch (error) {
    throw new UnreadableDocument(`The workbook cannot be read: ${(error as Error).message.slice(0, 200)}`);
  }
}

/** A cell as a person reads it. Dates and times of a workbook have no zone; their fractions of a day are rounded to minutes. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  const minutes = Math.round(cell.getTime() / 60_000);
  const iso = new Date(minutes * 60_000).toISOString();
  const clock = iso.slice(11, 16);
  // A time without a day is on the day on which the count of days begins.
  if (cell.getUTCFullYear() <= 1904) return cell.getUTCDate() === 31 && clock === '00:00' ? '24:00' : clock;
  return clock === '00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${clock}`;
}

function sheetXml(entry: ReadEntry, number: number): string {
  return new TextDecoder().decode(entry(`xl/worksheets/sheet${number}.xml`) ?? new Uint8Array());
}

/** Writes the value of merged cells into each of them that is empty. */
function fillMerged(rows: string[][], entry: ReadEntry, number: number, report: Report): void {
  const ranges = [
    ...sheetXml(entry, number).matchAll(/<mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/g),
  ];
  let filled = 0;
  for (const [, left = '', top = '', right = '', bottom = ''] of ranges.slice(0, MERGES_MAX)) {
    const value = rows[Number(top) - 1]?.[columnOf(left)] ?? '';
    if (value === '' || left !== right) continue;
    for (let row = Number(top); row < Math.min(Number(bottom), rows.length); row++) {
      const cells = rows[row] as string[];
      if (cells[columnOf(left)]) continue;
      cells[columnOf(left)] = value;
      filled++;
    }
  }
  if (filled > 0) report({ level: 'warning', code: 'merged-cells', values: { cells: filled } });
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function reportFormulas(entry: ReadEntry, number: number, report: Report): void {
  const cells = [...sheetXml(entry, number).matchAll(/<c\b[^>]*\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f\b/g)].map(
    ([, cell]) => cell,
  );
  if (cells.length === 0) return;
  const place = {
    passage: cells.slice(0, 10).join(', '),
    column: lettersOf(columnOf((cells[0] as string).replace(/\d/g, ''))),
  };
  report({ level: 'warning', code: 'formula-values', values: { cells: cells.length }, place });
}
