import type { Locale } from '#contract';

/** Why a file cannot be read, in the languages of the problems. */
export const unreadableTexts = {
  damaged: {
    fr: 'Le fichier est abîmé ou n’est pas de la sorte qu’il semble être.',
    en: 'The file is damaged, or is not of the kind that it seems.',
  },
  'too-large': {
    fr: 'Le fichier est trop grand : 10 Mo au plus, 100 Mo une fois décompressé, et 20 000 lignes.',
    en: 'The file is too large: 10 MB at most, 100 MB once it is unpacked, and 20,000 rows.',
  },
  'other-kind': {
    fr: 'Cette sorte de fichier n’est pas lue. Envoyez un texte, un PDF, un DOCX, un JSON, un YAML, un CSV, un XLSX, ou un programme de frab ou de pretalx.',
    en: 'This kind of file is not read. Send a text, PDF, DOCX, JSON, YAML, CSV or XLSX, or a schedule of frab or pretalx.',
  },
  protected: {
    fr: 'Le fichier est protégé par un mot de passe : enregistrez-le sans mot de passe.',
    en: 'The file is protected by a password: save it without one.',
  },
  scan: {
    fr: 'Ce PDF est numérisé : il contient des images de pages et pas de texte. Demandez le fichier d’origine, ou faites d’abord reconnaître son texte.',
    en: 'This PDF is a scan: it holds pictures of pages and no text. Ask for the original file, or have its text recognised first.',
  },
  'no-programme': {
    fr: 'Aucune entrée de programme n’a été trouvée dans ce fichier.',
    en: 'No entry of a programme was found in this file.',
  },
  entities: {
    fr: 'Ce XML déclare un DOCTYPE ou des entités, qui ne sont pas lus : retirez-les.',
    en: 'This XML declares a DOCTYPE or entities, which are not read: remove them.',
  },
  'too-much': {
    fr: 'La lecture de ce fichier demande trop de temps ou de mémoire.',
    en: 'Reading this file takes too much time or memory.',
  },
} as const satisfies Record<string, Record<Locale, string>>;
export type UnreadableCode = keyof typeof unreadableTexts;

/**
 * Thrown for a file that cannot be read as a programme. The message is a sentence in English that says what the file is, with its place;
 * `unreadableTexts` has a sentence for people by `code`.
 */
export class UnreadableDocument extends Error {
  override name = 'UnreadableDocument';
  readonly code: UnreadableCode;

  constructor(message: string, code: UnreadableCode = 'damaged') {
    super(message);
    this.code = code;
  }
}
