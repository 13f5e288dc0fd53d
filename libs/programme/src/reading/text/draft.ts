import type { UndatedProgramme } from '../../document.ts';

/** A value that the reader is not sure of. `line` counts from 1; `about` identifies the entry. */
export interface Doubt {
  line: number;
  about: string;
  message: string;
}
export type ReportDoubt = (line: number, about: string, message: string) => void;

export type DraftTexts = UndatedProgramme['cafes'][number]['texts']['fr'];
export type DraftCafe = Omit<UndatedProgramme['cafes'][number], 'texts'> & {
  texts: { fr: DraftTexts };
  /** Local times, `HH:MM`, if the text contains them. */
  time?: { from: string; to?: string };
};

/** The content of a published text in one language, without dates. It has times and capacities if the text contains them. */
export interface DraftProgramme {
  rooms: (UndatedProgramme['rooms'][number] & { capacity?: number })[];
  cafes: DraftCafe[];
}
