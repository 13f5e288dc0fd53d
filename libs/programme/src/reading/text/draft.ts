import type { UndatedProgramme } from '../../document.ts';
import type { DoubtCode } from '../../importing/finding-texts.ts';

/** A value that the reader is not sure of. `line` counts from 1; `about` identifies the entry. */
export interface Doubt {
  line: number;
  about: string;
  message: string;
}
/** A doubt by its code, of which `finding-texts.ts` has the sentences. */
export interface CodedDoubt {
  line: number;
  about: string;
  code: DoubtCode;
  values: Record<string, string | number>;
}
export type ReportDoubt = (line: number, about: string, code: DoubtCode, values?: CodedDoubt['values']) => void;

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
