import { parse as parseYaml } from 'yaml';
import { decode } from '../reading/decode.ts';
import { describeKind, fileKind } from '../reading/file-kind.ts';
import { readJson } from '../reading/json.ts';
import { UnreadableDocument } from '../reading/unreadable.ts';
import { collectFindings, type Finding } from './finding.ts';
import type { ImportKind, ReadImport } from './imported.ts';
import { jsonSchedule } from './schedule/json-schedule.ts';
import { readSchedule } from './schedule/read-schedule.ts';
import { xmlSchedule } from './schedule/xml-schedule.ts';
import { readCsv } from './table/csv.ts';
import { readXlsx } from './table/xlsx.ts';
import { docxText } from './text/docx.ts';
import { pdfPages } from './text/pdf.ts';
import { readTextImport } from './text/read-text.ts';

/** The largest file that is read, in bytes. */
export const FILE_BYTES_MAX = 10_000_000;
/** How often a document in YAML may repeat a part by its name. */
const YAML_ALIASES_MAX = 100;

type Reader = (bytes: Uint8Array) => Promise<ReadImport> | ReadImport;

/** One reader for each kind of file. The other kinds of `FileKind` have none. */
const READERS: Record<ImportKind, Reader> = {
  json: (bytes) => {
    const { text, findings } = textOf(bytes);
    const { document, errors } = parsed('JSON', () => readJson(text));
    const { findings: repeated, report } = collectFindings();
    for (const { path, message } of errors)
      report({ level: 'error', code: 'document-invalid', values: { path, message }, place: { path } });
    return { kind: 'json', form: 'document', document, findings: [...findings, ...repeated] };
  },
  yaml: (bytes) => {
    const { text, findings } = textOf(bytes);
    const document: unknown = parsed('YAML', () =>
      parseYaml(text, { maxAliasCount: YAML_ALIASES_MAX, schema: 'core' }),
    );
    return { kind: 'yaml', form: 'document', document, findings };
  },
  'frab-json': (bytes) => {
    const { text, findings } = textOf(bytes);
    const { document } = parsed('JSON', () => readJson(text));
    return scheduleOf('frab-json', jsonSchedule(document), findings);
  },
  'frab-xml': (bytes) => {
    const { text, findings } = textOf(bytes);
    return scheduleOf('frab-xml', xmlSchedule(text), findings);
  },
  csv: (bytes) => ({ kind: 'csv', form: 'table', table: readCsv(bytes) }),
  xlsx: async (bytes) => ({ kind: 'xlsx', form: 'table', table: await readXlsx(bytes) }),
  text: (bytes) => {
    const { text, findings } = textOf(bytes);
    const programme = readTextImport(text);
    return {
      kind: 'text',
      form: 'programme',
      programme: { ...programme, findings: [...findings, ...programme.findings] },
    };
  },
  docx: async (bytes) => ({ kind: 'docx', form: 'programme', programme: readTextImport(await docxText(bytes)) }),
  pdf: async (bytes) => {
    const pages = await pdfPages(bytes);
    const pageOfLine = pages.flatMap((page, index) => page.split('\n').map(() => index + 1));
    const pageOf = (line: number) => pageOfLine[line - 1] ?? pages.length;
    return { kind: 'pdf', form: 'programme', programme: readTextImport(pages.join('\n'), pageOf) };
  },
};

/**
 * Reads a file of any kind that a programme is published in. The kind is told by the content, not by the name.
 * @throws UnreadableDocument for a file that is too large, of another kind, damaged, protected, or without a programme
 */
export async function readImport(bytes: Uint8Array): Promise<ReadImport> {
  if (bytes.length > FILE_BYTES_MAX) {
    throw new UnreadableDocument(`The file is larger than ${FILE_BYTES_MAX / 1_000_000} MB.`, 'too-large');
  }
  const kind = fileKind(bytes);
  const reader = Object.hasOwn(READERS, kind) ? READERS[kind as ImportKind] : undefined;
  if (!reader) {
    throw new UnreadableDocument(
      `The file is ${describeKind(kind)}. A programme is read from a text, PDF, DOCX, JSON, YAML, CSV or XLSX, and from schedules of frab and pretalx.`,
      'other-kind',
    );
  }
  return reader(bytes);
}

function scheduleOf(kind: ImportKind, raw: Parameters<typeof readSchedule>[0], findings: Finding[]): ReadImport {
  const programme = readSchedule(raw);
  if (programme.entries.length === 0) throw new UnreadableDocument('The schedule has no entries.', 'no-programme');
  return { kind, form: 'programme', programme: { ...programme, findings: [...findings, ...programme.findings] } };
}

function textOf(bytes: Uint8Array): { text: string; findings: Finding[] } {
  const { text, encoding } = decode(bytes);
  const { findings, report } = collectFindings();
  if (encoding === 'windows-1252')
    report({ level: 'warning', code: 'encoding-assumed', values: { encoding: 'Windows-1252' } });
  return { text, findings };
}

/** @throws UnreadableDocument with the message and the line of the parser */
function parsed<Value>(format: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new UnreadableDocument(`The file is not valid ${format}: ${(error as Error).message.slice(0, 500)}`);
  }
}
