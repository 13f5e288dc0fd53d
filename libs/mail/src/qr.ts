import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'uqr';

/** The light border that a reader needs, in modules. */
const QUIET_ZONE = 4;
/** How many pixels a module is wide in a PNG. */
const MODULE_PIXELS = 8;

/** The modules of a QR code with its border; true is dark. Medium error correction. */
function modulesOf(text: string): boolean[][] {
  return encode(text, { ecc: 'M', border: QUIET_ZONE }).data;
}

/** A QR code as SVG, dark on white whatever the theme, one unit a module. */
export function qrSvg(text: string, label: string): string {
  const modules = modulesOf(text);
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  const size = modules.length;
  const title = label.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" shape-rendering="crispEdges">` +
    `<title>${title}</title><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  );
}

/** A QR code as a grey PNG. */
export function qrPng(text: string): Buffer {
  const modules = modulesOf(text);
  const size = modules.length * MODULE_PIXELS;
  const lines = modules.flatMap((row) => {
    const line = Buffer.alloc(size + 1);
    for (let x = 0; x < size; x++) line[x + 1] = row[Math.floor(x / MODULE_PIXELS)] ? 0 : 255;
    return Array<Buffer>(MODULE_PIXELS).fill(line);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 8; // bits a sample; colour type 0 is grey
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
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
