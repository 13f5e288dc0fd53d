import { crc32, deflateSync } from 'node:zlib';

/** A picture of few colours, as PNG (ISO/IEC 15948). */
export interface Picture {
  width: number;
  height: number;
  /** Bits a pixel, and what its number means: a shade of grey, or a place in `palette`. */
  bits: 1 | 8;
  /** Red, green, blue and opacity, each 0 to 255; at most 256 of them. */
  palette?: [number, number, number, number][];
  /** One line of pixels a row, packed, without the byte that PNG puts before each. */
  rows: Uint8Array[];
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The fastest: a ticket is drawn for each message, and its 2 KB are not worth the 0.15 ms that half of them would cost. */
const DEFLATE_LEVEL = 1;
const GREY = 0;
const INDEXED = 3;

export function encodePng({ width, height, bits, palette, rows }: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  header[9] = palette ? INDEXED : GREY;
  // Lines are not filtered: their first byte is 0.
  const stride = Math.ceil((width * bits) / 8) + 1;
  const lines = Buffer.alloc(stride * height);
  for (let index = 0; index < rows.length; index++) lines.set(rows[index] as Uint8Array, index * stride + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(palette
      ? [
          chunk('PLTE', Buffer.from(palette.flatMap((colour) => colour.slice(0, 3)))),
          chunk('tRNS', Buffer.from(palette.map(([, , , opacity]) => opacity))),
        ]
      : []),
    chunk('IDAT', deflateSync(lines, { level: DEFLATE_LEVEL })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
