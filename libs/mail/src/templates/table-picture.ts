import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '#platform';
import type { TableState } from '../message.ts';

const pictures = new Map<TableState, Buffer>();

/** The round table of a message as a PNG of 216 pixels: an enamel plate, its chairs, and the reader's chair in saffron. */
export function tablePicture(state: TableState): Buffer {
  const picture =
    pictures.get(state) ?? readFileSync(path.join(PROJECT_ROOT, 'libs/mail/images', `table-${state}.png`));
  pictures.set(state, picture);
  return picture;
}
