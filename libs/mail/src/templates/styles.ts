import type { CSSProperties } from 'react';
import { light } from './colours.ts';

/** The content ids of the images of a message. */
export const TICKET_CID = 'ticket@comptoir';
export const TABLE_CID = 'table@comptoir';

export const sans = '"Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif';
export const serif = 'Fraunces, Georgia, "Times New Roman", serif';

export const body: CSSProperties = {
  margin: '0 0 16px',
  fontFamily: sans,
  fontSize: '17px',
  lineHeight: '26px',
  color: light.ink,
  // A long word, such as an address, breaks instead of making the page wider than a phone.
  overflowWrap: 'anywhere',
};
export const small: CSSProperties = {
  ...body,
  margin: '0 0 4px',
  fontSize: '15px',
  lineHeight: '21px',
  color: light.quiet,
};
