import { createHash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A UUID that is always the same for a name (version 5 of RFC 9562, in a namespace of Comptoir). */
export function uuidOf(...name: string[]): string {
  const bytes = createHash('sha1')
    .update(['comptoir', ...name].join('\n'))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The guid of a Café in exported schedules: the one of the file that it came from, else one of its event and code. */
export function guidOf(slug: string, { code, sourceId }: { code: string; sourceId?: string }): string {
  return sourceId && UUID.test(sourceId) ? sourceId.toLowerCase() : uuidOf('cafe', slug, code);
}
