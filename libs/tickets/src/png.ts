import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The fastest level: a QR code is encoded for each mail, and the 2 KB that a better level saves are not worth 0.15 ms. */
const DEFLATE_LEVEL = 1;

/**
 * Encodes a black and white square image as a PNG with one bit for each pixel (ISO/IEC 15948).
 * @param rows one array for each row, with 8 pixels in a byte, 1 is white; the number of rows is the number of pixels in a row
 */
export function encodePng(rows: Uint8Array[]): Buffer {
  const size = rows.length;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 1; // bits a pixel; the colour type, the next byte, is 0: grey
  // Each row begins with the number of its filter: 0, none.
  const rowBytes = Math.ceil(size / 8) + 1;
  const data = Buffer.alloc(rowBytes * size);
  for (const [index, row] of rows.entries()) data.set(row, index * rowBytes + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(data, { level: DEFLATE_LEVEL })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
