import type { TableState } from '../message.ts';
import { encodePng } from '../png.ts';

/** As wide as it is shown on a screen of three pixels a point. */
const SIZE_PIXELS = 216;
/** The drawing's own units, as on the pages: a table of radius 31 in a square of 100, its chairs at 42. */
const UNITS = 100;
const CHAIRS = 8;
const CHAIR_AT = 42;
const CHAIR_RADIUS = 5.5;
/** So many steps of opacity at an edge: with all colours they fit the palette of an eight-bit picture. */
const EDGE_STEPS = 15;

type Colour = [number, number, number];
const enamel: Colour = [0x12, 0x40, 0x6b];
const rim: Colour = [0xfb, 0xf7, 0xef];
const saffron: Colour = [0xd9, 0x8e, 0x04];
/** Seen on paper and on the dark theme alike. */
const chair: Colour = [0x8b, 0x95, 0xa6];
const verdigris: Colour = [0x3f, 0x97, 0x78];

/** A disc, or a ring where it has an inner radius. */
interface Shape {
  x: number;
  y: number;
  radius: number;
  inner?: number;
  colour: Colour;
}

const pictures = new Map<TableState, Buffer>();

/** The round table of a message as a PNG without background: an enamel plate, its chairs, and the reader's one in saffron. */
export function tablePicture(state: TableState): Buffer {
  const known = pictures.get(state) ?? draw(shapesOf(state));
  pictures.set(state, known);
  return known;
}

function shapesOf(state: TableState): Shape[] {
  const shapes: Shape[] = [
    { x: 50, y: 50, radius: 31, colour: enamel },
    { x: 50, y: 50, radius: 27.6, inner: 26.2, colour: rim },
  ];
  const taken = state === 'waiting' || state === 'full' || state === 'offered' ? CHAIRS : 5;
  for (let index = 0; index < CHAIRS; index++) {
    const angle = (index / CHAIRS) * 2 * Math.PI - Math.PI / 2;
    const place = { x: 50 + CHAIR_AT * Math.cos(angle), y: 50 + CHAIR_AT * Math.sin(angle), radius: CHAIR_RADIUS };
    // The first is the reader's.
    if (index === 0 && state === 'mine') shapes.push({ ...place, radius: 7, colour: saffron });
    else if (index === 0 && (state === 'kept' || state === 'offered')) {
      shapes.push({ ...place, radius: 7, inner: 4.6, colour: saffron });
    } else if (index === 0 && state === 'ended') shapes.push({ ...place, inner: 4.1, colour: verdigris });
    else shapes.push(index < taken ? { ...place, colour: chair } : { ...place, inner: 4.1, colour: verdigris });
  }
  // Whoever waits stands beside the table.
  if (state === 'waiting') shapes.push({ x: 91, y: 91, radius: 6.5, inner: 4.1, colour: saffron });
  return shapes;
}

/** Of shapes that lie on one another the last is seen. */
function draw(shapes: Shape[]): Buffer {
  const palette: [number, number, number, number][] = [[0, 0, 0, 0]];
  const places = new Map<string, number>([['', 0]]);
  const scale = UNITS / SIZE_PIXELS;
  const rows: Uint8Array[] = [];
  for (let row = 0; row < SIZE_PIXELS; row++) {
    const line = new Uint8Array(SIZE_PIXELS);
    for (let column = 0; column < SIZE_PIXELS; column++) {
      const pixel = pixelAt(shapes, (column + 0.5) * scale, (row + 0.5) * scale, scale);
      const key = pixel?.join() ?? '';
      let place = places.get(key);
      if (place === undefined && pixel) {
        place = palette.push(pixel) - 1;
        places.set(key, place);
      }
      line[column] = place ?? 0;
    }
    rows.push(line);
  }
  return encodePng({ width: SIZE_PIXELS, height: SIZE_PIXELS, bits: 8, palette, rows });
}

/** The colour and opacity of a point, its edges softened over one pixel. Undefined where there is nothing. */
function pixelAt(shapes: Shape[], x: number, y: number, scale: number): [number, number, number, number] | undefined {
  let below: [number, number, number, number] | undefined;
  for (const shape of shapes) {
    const distance = Math.hypot(x - shape.x, y - shape.y);
    const outside = Math.max(
      distance - shape.radius,
      shape.inner === undefined ? Number.NEGATIVE_INFINITY : shape.inner - distance,
    );
    const share = Math.round(Math.min(1, Math.max(0, 0.5 - outside / scale)) * EDGE_STEPS) / EDGE_STEPS;
    if (share === 0) continue;
    const [red, green, blue] = shape.colour;
    if (!below) below = [red, green, blue, Math.round(share * 255)];
    else {
      const mix = (over: number, under: number) => Math.round(over * share + under * (1 - share));
      below = [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 255];
    }
  }
  return below;
}
