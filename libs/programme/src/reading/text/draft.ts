import type { UndatedProgramme } from '../../document.ts';
import type { DoubtCode } from '../../importing/finding-texts.ts';

/** Something that the reader is not sure of. `line` counts from 1; `about` names the entry. */
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
  /** Local times, `HH:MM`, where the text gives them. */
  time?: { from: string; to?: string };
};

/** What a published text says of a programme: in its own language, without dates. Times and capacities stand where the text gives them. */
export interface DraftProgramme {
  rooms: (UndatedProgramme['rooms'][number] & { capacity?: number })[];
  cafes: DraftCafe[];
}
