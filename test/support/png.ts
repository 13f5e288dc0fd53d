import { inflateSync } from 'node:zlib';
import jsQR from 'jsqr';

/** The pixels of a PNG of grey or one-bit depth without interlacing (as QR codes are written), in the format of jsQR. */
function pixelsOf(png: Buffer): { data: Uint8ClampedArray; width: number; height: number } {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const [depth, colour] = [png[24] as number, png[25] as number];
  const samples = { 0: 1, 2: 3, 4: 2, 6: 4 }[colour];
  if (!samples || (depth !== 8 && !(depth === 1 && colour === 0))) throw new Error('not a PNG of the kind we draw');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const lines = inflateSync(Buffer.concat(parts));
  const stride = Math.ceil((width * samples * depth) / 8);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    if (lines[start] !== 0) throw new Error('not a PNG of the kind we draw: a filtered line');
    for (let x = 0; x < width; x++) {
      const value =
        depth === 1
          ? ((lines[start + 1 + (x >> 3)] as number) >> (7 - (x & 7))) & 1
            ? 255
            : 0
          : (lines[start + 1 + x * samples] as number);
      data.set([value, value, value, 255], (y * width + x) * 4);
    }
  }
  return { data, width, height };
}

// jsQR is a CommonJS module. The default export of its types is the `default` of the module, or the module itself.
const decode = ('default' in jsQR ? jsQR.default : jsQR) as unknown as (
  data: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null;

/** The text of the QR code in a PNG; undefined when there is none. */
export function qrTextOf(png: Buffer): string | undefined {
  const { data, width, height } = pixelsOf(png);
  return decode(data, width, height)?.data;
}
