import { inflateRawSync } from 'node:zlib';
import { UnreadableDocument } from '../reading/unreadable.ts';

/** The most entries of an archive, and the most bytes that they have together once they are unpacked: ten times the largest file. */
const ENTRIES_MAX = 2_000;
const UNPACKED_BYTES_MAX = 100_000_000;
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** The end of the directory has a comment of at most this many bytes after it. */
const COMMENT_MAX = 65_535;

/** Reads one entry of an archive that was checked; undefined for a name that it does not have. */
export type ReadEntry = (name: string) => Uint8Array | undefined;

/**
 * Checks an archive before a library unpacks it, by unpacking it within limits: what its directory says of sizes may be wrong. It is own
 * code, because the readers of DOCX and XLSX unpack without a limit.
 * @throws UnreadableDocument for a broken, encrypted or too large archive
 */
export function checkArchive(bytes: Uint8Array): ReadEntry {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Map<string, Buffer>();
  let left = UNPACKED_BYTES_MAX;
  try {
    for (const entry of directoryOf(file)) {
      const data = unpack(file, entry, left);
      left -= data.length;
      found.set(entry.name, data);
    }
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new UnreadableDocument('The archive inside the file is damaged.');
  }
  return (name) => found.get(name);
}

const tooLarge = () =>
  new UnreadableDocument(
    `The file is larger than ${UNPACKED_BYTES_MAX / 1_000_000} MB once it is unpacked: save it with fewer sheets and pictures.`,
    'too-large',
  );

interface Entry {
  name: string;
  method: number;
  flags: number;
  packedBytes: number;
  at: number;
}

function directoryOf(file: Buffer): Entry[] {
  const from = Math.max(0, file.length - COMMENT_MAX - 22);
  let end = file.length - 22;
  while (end >= from && file.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < from) throw new UnreadableDocument('The archive inside the file is damaged: it has no directory.');
  const count = file.readUInt16LE(end + 10);
  if (count > ENTRIES_MAX)
    throw new UnreadableDocument(`The archive inside the file has more than ${ENTRIES_MAX} entries.`, 'too-large');
  const entries: Entry[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (file.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new UnreadableDocument('The archive inside the file is damaged.');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    entries.push({
      name: file.toString('utf8', at + 46, at + 46 + nameLength),
      method: file.readUInt16LE(at + 10),
      flags: file.readUInt16LE(at + 8),
      packedBytes: file.readUInt32LE(at + 20),
      at: file.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** The bytes of an entry, at most so many. */
function unpack(file: Buffer, { name, method, flags, packedBytes, at }: Entry, bytesMax: number): Buffer {
  if (flags & 1) throw new UnreadableDocument('The file is protected by a password: save it without one.', 'protected');
  if (file.readUInt32LE(at) !== LOCAL_HEADER) throw new UnreadableDocument('The archive inside the file is damaged.');
  const start = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  const packed = file.subarray(start, start + packedBytes);
  if (method === 0) {
    if (packed.length > bytesMax) throw tooLarge();
    return packed;
  }
  if (method !== 8) throw new UnreadableDocument(`The archive inside the file is packed in an unknown way (${name}).`);
  if (bytesMax === 0) throw tooLarge();
  return inflateRawSync(packed, { maxOutputLength: bytesMax });
}
