import { encode } from 'uqr';
import { encodePng } from './png.ts';

/** The light border that a scanner needs, in modules. */
const BORDER_MODULES = 4;
/** The width of a module in a PNG, in pixels: one byte of one-bit pixels. */
const MODULE_PIXELS = 8;
/**
 * One mask for all codes. Trying all eight masks and keeping the best takes 1.6 ms instead of 0.2 ms for a code (`npm run bench --
 * messages`). Most of a ticket is a signature, and random bytes look alike with all masks.
 */
const MASK = 3;

/** The modules of a QR code with its border, row by row; true is dark. Error correction: medium. */
export function qrCodeModules(text: string): boolean[][] {
  return encode(text, { ecc: 'M', border: BORDER_MODULES, maskPattern: MASK }).data;
}

/** A QR code as SVG: dark on white in every theme, one unit a module. */
export function qrCodeSvg(text: string, label: string): string {
  const modules = qrCodeModules(text);
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  const size = modules.length;
  const title = label.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" shape-rendering="crispEdges">` +
    `<title>${title}</title><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  );
}

/** A QR code as a black and white PNG, 8 pixels a module. */
export function qrCodePng(text: string): Buffer {
  const rows = qrCodeModules(text).flatMap((modules) => {
    const row = Buffer.alloc(modules.length, 0xff);
    for (const [index, dark] of modules.entries()) if (dark) row[index] = 0x00;
    return Array<Uint8Array>(MODULE_PIXELS).fill(row);
  });
  return encodePng(rows);
}
