import { guessField } from '../importing/table/columns.ts';
import { decode } from './decode.ts';

/** The kind of a file, from its content. */
export type FileKind = 'json' | 'text' | ForeignKind;

/** Kinds of files that cannot be read, with their common names. */
const FOREIGN = {
  pdf: 'a PDF',
  docx: 'a Word document (DOCX)',
  xlsx: 'an Excel workbook (XLSX)',
  odt: 'an OpenDocument text (ODT)',
  ods: 'an OpenDocument spreadsheet (ODS)',
  zip: 'a ZIP archive',
  office: 'an Office document of before 2007 (DOC or XLS)',
  rtf: 'an RTF document',
  picture: 'a picture',
  'frab-xml': 'a schedule in XML (frab, pretalx)',
  'frab-json': 'a schedule in JSON (frab, pretalx)',
  html: 'a web page (HTML)',
  xml: 'an XML file',
  calendar: 'a calendar (iCalendar)',
  csv: 'a table (CSV)',
  yaml: 'a YAML file',
  binary: 'not a text',
  empty: 'empty',
} as const;
export type ForeignKind = keyof typeof FOREIGN;

/** The kind in words, for a sentence that begins with “The file is”. */
export function describeKind(kind: FileKind): string {
  if (kind === 'json') return 'a JSON file';
  if (kind === 'text') return 'a text';
  return FOREIGN[kind];
}

const MAGIC: [kind: FileKind, bytes: string][] = [
  ['pdf', '%PDF-'],
  ['rtf', '{\\rtf'],
  ['office', '\xd0\xcf\x11\xe0'],
  ['picture', '\x89PNG'],
  ['picture', '\xff\xd8\xff'],
  ['picture', 'GIF8'],
];
/** The number of bytes at the start of a file that decide its kind. */
const HEAD_BYTES = 65_536;

/** Returns the kind of a file. The name of the file is not used. */
export function fileKind(bytes: Uint8Array): FileKind {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1');
  const magic = MAGIC.find(([, start]) => head.startsWith(start));
  if (magic) return magic[0];
  if (head.startsWith('PK\x03\x04')) return zipKind(Buffer.from(bytes).toString('latin1'));
  const text = decode(bytes).text.trimStart();
  if (text === '') return 'empty';
  if (/[^\P{Cc}\s]/u.test(text.slice(0, HEAD_BYTES))) return 'binary';
  return textKind(text);
}

/** An archive contains the names of its parts as plain bytes. */
function zipKind(archive: string): FileKind {
  if (archive.includes('word/document.xml')) return 'docx';
  if (archive.includes('xl/workbook.xml')) return 'xlsx';
  if (archive.includes('application/vnd.oasis.opendocument.text')) return 'odt';
  if (archive.includes('application/vnd.oasis.opendocument.spreadsheet')) return 'ods';
  return 'zip';
}

function textKind(text: string): FileKind {
  const head = text.slice(0, HEAD_BYTES);
  if (/^[{[]/.test(head)) return isSchedule(head) ? 'frab-json' : 'json';
  if (/^<(\?xml|!doctype|!--|[a-z])/i.test(head)) {
    if (/<schedule[\s/>]/i.test(head)) return 'frab-xml';
    return /<html[\s>]|^<!doctype html/i.test(head) ? 'html' : 'xml';
  }
  if (/^BEGIN:VCALENDAR/i.test(head)) return 'calendar';
  if (/^(---|%YAML)\s|^event:\s*$/m.test(head.slice(0, 2_000))) return 'yaml';
  return isTable(head) ? 'csv' : 'text';
}

/** `{"schedule": {"conference": …}}`, or `{"schedule": {"version": …}}` of pretalx, with any members before it. */
function isSchedule(head: string): boolean {
  return /^\{[^[\]]{0,2000}?"schedule"\s*:\s*\{/.test(head);
}

const SEPARATORS = [';', '\t', ',', '|'];

/** Whether the first lines have the same number, at least two, of one separator, or the first has headings of a programme between separators. */
function isTable(head: string): boolean {
  const lines = head.split(/\r\n|\n|\r/, 4).filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  if (lines.length < 2) return false;
  return SEPARATORS.some((separator) => {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(separator).length - 1);
    const headings = first.split(separator).filter((heading) => guessField(heading.replaceAll('"', '')) !== undefined);
    return headings.length >= 3 || (Number(counts[0]) >= 2 && counts.every((count) => count === counts[0]));
  });
}
