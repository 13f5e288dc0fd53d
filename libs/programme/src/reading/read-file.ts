import { checkProgramme, type DocumentError, InvalidProgramme } from '../document.ts';
import { decode } from './decode.ts';
import { describeKind, type FileKind, fileKind } from './file-kind.ts';
import { readJson } from './json.ts';
import { type Doubt, type DraftProgramme, readProgrammeText } from './text-reader.ts';
import { UnreadableDocument } from './unreadable.ts';

/** The result of reading a file: a draft or a complete document, and the doubts. */
export interface ReadProgramme {
  programme: DraftProgramme | unknown;
  doubts: Doubt[];
}

/** One reader for each kind of file that contains a published programme. A new format is a new entry. */
const READERS: Partial<Record<FileKind, (bytes: Uint8Array) => ReadProgramme>> = {
  text: readText,
  json: (bytes) => {
    const { document, errors } = readJsonFile(bytes);
    const all = [...errors, ...checkProgramme(document)];
    if (all.length > 0) throw new InvalidProgramme(all);
    return { programme: document, doubts: [] };
  },
};

/**
 * Reads a published programme. The name of the file does not matter.
 * @throws UnreadableDocument for a kind of file without a reader, or a text without a programme
 * @throws InvalidProgramme for a JSON document with errors
 */
export function readProgrammeFile(bytes: Uint8Array): ReadProgramme {
  const kind = fileKind(bytes);
  const reader = READERS[kind];
  if (!reader)
    throw new UnreadableDocument(
      `The file is ${describeKind(kind)}. A programme is read from a text or from JSON.`,
      'other-kind',
    );
  return reader(bytes);
}

/**
 * Reads the document of a file for a check or a load. The errors are errors of the file itself: duplicate names in an object.
 * @throws UnreadableDocument for a file that is not JSON; the message names the kind of the file, or the line of the first JSON error
 */
export function readJsonFile(bytes: Uint8Array): { document: unknown; errors: DocumentError[] } {
  const kind = fileKind(bytes);
  if (kind !== 'json') {
    const draft = kind === 'text' ? ' Make a draft of it with the command read.' : '';
    throw new UnreadableDocument(`The file is ${describeKind(kind)}, not a programme in JSON.${draft}`, 'other-kind');
  }
  const { text, encoding } = decode(bytes);
  if (encoding === 'windows-1252')
    throw new UnreadableDocument('The file is JSON, but not in UTF-8: save it in UTF-8.');
  try {
    return readJson(text);
  } catch (error) {
    throw new UnreadableDocument(`The file is not valid JSON: ${(error as Error).message}`);
  }
}

function readText(bytes: Uint8Array): ReadProgramme {
  const { text, encoding } = decode(bytes);
  const { programme, doubts } = readProgrammeText(text);
  const assumed = 'the file is not in UTF-8 and was read as Windows-1252: check the accents';
  if (encoding === 'windows-1252') doubts.unshift({ line: 1, about: 'document', message: assumed });
  return { programme, doubts };
}
