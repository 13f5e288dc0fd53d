import type { ReportDoubt } from './draft.ts';
import type { Line } from './lines.ts';

/** A room or an entry of the text: the lines of its heading, and the lines below them. */
export interface Part {
  kind: 'room' | 'entry';
  heading: Line[];
  body: Line[];
}

/** The parts of the first line of an entry. */
export interface EntryHeading {
  /** As it is written: “Café”, “STAND”. */
  kindWord: string;
  /** “2”, “DCOL”. */
  label: string;
  rest: string;
}

const KIND_WORD = `(?<kindWord>caf[ée]|stand|espace|space)`;
/** “n° 2”, “nº2”, “no. 2”, “#2”: the sign is ignored. */
const NUMBER_SIGN = String.raw`(?:(?:n\s?[°º.]|n[o°º]\.?|num[ée]ro|#)\s*)?`;
/** Before a colon, the label may be words: “ESPACE ASSOCIATIONS”. */
const WITH_COLON = new RegExp(`^${KIND_WORD}\\s+${NUMBER_SIGN}(?<label>[^:]{1,60}?)\\s*:\\s*(?<rest>.*)$`, 'iu');
/** Before a dash, a point or a bracket, the label is a number, a letter or a word in capitals: “Café n° 2 – …”, “Café 2. …”. */
const WITH_DASH = new RegExp(
  `^${KIND_WORD}\\s+${NUMBER_SIGN}(?<label>\\d{1,3}\\p{L}?|\\p{Lu}[\\p{Lu}\\p{N}-]*)(?:\\s+[–—-]|[.)])\\s+(?<rest>.*)$`,
  'iu',
);
const ROOM = /^(?:salle|room)\s+\S.{0,80}$/iu;
/** Words for an entry in other programmes. */
const ENTRY_WORD =
  /^(?:caf[ée]s?|stands?|espaces?|spaces?|ateliers?|tables? rondes?|sessions?|conf[ée]rences?|workshops?|round tables?)(?![\p{L}\p{N}-])/iu;
const NUMBERED = /^\S+(?: rondes?| tables?)?\s*(?:n\s?[o°º.]*\s*|#\s*)?(?:\d{1,3}|\p{Lu})(?![\p{L}\p{N}])/iu;
const BEFORE_ENTRY = /^(?:[•▪◦*–—-]\s+|\d{1,2}\s?[h:]\s?\d{0,2}(?:\s?[–—-]\s?\d{1,2}\s?[h:]\s?\d{0,2})?\s+)/iu;

/** Reads the first line of an entry; undefined if the line does not begin an entry. The label before a dash is a number or in capitals. */
export function entryHeading(text: string): EntryHeading | undefined {
  const colon = WITH_COLON.exec(text)?.groups;
  const dash = WITH_DASH.exec(text)?.groups;
  const isShort = dash && /^(?:\d{1,3}\p{L}?|\p{Lu}[\p{Lu}\p{N}-]*)$/u.test(dash.label ?? '');
  // “Café 2 – Eau : un bien commun”: the dash is before the colon.
  const found = isShort && (!colon || (dash.label ?? '').length < (colon.label ?? '').length) ? dash : colon;
  return found && { kindWord: found.kindWord ?? '', label: found.label ?? '', rest: found.rest ?? '' };
}

/**
 * Splits the text into rooms and entries. The lines before the first one are a title page. A line that looks like an entry but is not read
 * as one becomes a doubt.
 */
export function partsOf(lines: Line[], report: ReportDoubt): Part[] {
  const parts: Part[] = [];
  let inHeading = false;
  let afterGap = true;
  for (const line of lines) {
    const kind = kindOf(line.text);
    const current = parts.at(-1);
    if (kind && !(inHeading && kind === 'room' && current?.kind === 'entry')) {
      parts.push({ kind, heading: [line], body: [] });
      inHeading = kind === 'entry';
    } else {
      if (looksLikeEntry(line.text, afterGap)) {
        report(line.number, line.text.slice(0, 80), 'text-looks-like-entry');
      }
      if (inHeading && line.text !== '') current?.heading.push(line);
      else {
        inHeading = false;
        current?.body.push(line);
      }
    }
    afterGap = line.text === '';
  }
  return parts;
}

function kindOf(text: string): Part['kind'] | undefined {
  if (entryHeading(text)) return 'entry';
  return ROOM.test(text) && !/[.,;:]$/.test(text) ? 'room' : undefined;
}

/**
 * Returns whether a line looks like the start of an entry: a word for entries with a number, or, after an empty line, such a word alone.
 */
function looksLikeEntry(text: string, afterGap: boolean): boolean {
  const bare = text.replace(BEFORE_ENTRY, '');
  return ENTRY_WORD.test(bare) && (NUMBERED.test(bare) || (afterGap && bare.length < 100));
}
