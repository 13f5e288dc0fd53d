import { encode } from 'uqr';
import { encodePng } from './png.ts';

/** The light border that a reader needs, in modules. */
const QUIET_ZONE = 4;
/** How many pixels a module is wide in a PNG: a whole byte of one-bit pixels. */
const MODULE_PIXELS = 8;
/**
 * One mask for all. Trying all eight and keeping the best takes ten times as long (1.6 ms instead of 0.2 ms a code: npm run bench -- messages), and most of
 * a ticket is a signature: no mask is better than another for what looks like chance.
 */
const MASK = 3;

/** The modules of a QR code with its border; true is dark. Medium error correction. */
export function qrModules(text: string): boolean[][] {
  return encode(text, { ecc: 'M', border: QUIET_ZONE, maskPattern: MASK }).data;
}

/** A QR code as SVG, dark on white whatever the theme, one unit a module. */
export function qrSvg(text: string, label: string): string {
  const modules = qrModules(text);
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  const size = modules.length;
  const title = label.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" shape-rendering="crispEdges">` +
    `<title>${title}</title><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  );
}

/** A QR code as a black and white PNG. */
export function qrPng(text: string): Buffer {
  const modules = qrModules(text);
  const size = modules.length * MODULE_PIXELS;
  const rows: Uint8Array[] = [];
  for (const row of modules) {
    const line = new Uint8Array(row.length);
    for (let x = 0; x < row.length; x++) line[x] = row[x] ? 0x00 : 0xff;
    for (let y = 0; y < MODULE_PIXELS; y++) rows.push(line);
  }
  return encodePng({ width: size, height: size, bits: 1, rows });
}
