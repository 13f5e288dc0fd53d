import * as z from 'zod/mini';
import {
  type AddressErrorCode,
  type NameErrorCode,
  ORGANISATION_MAX,
  PERSON_NAME_MAX,
  readAddress,
  readLine,
  readName,
  readParagraphs,
  type TextErrorCode,
} from '#text';

/** A UUID of any version, parsed to lower case. The ids of our own rows are UUIDv7. */
export const Id = z.uuid().check(z.toLowerCase());

/** An instant: UTC, ISO 8601, with `Z`. */
export const Instant = z.iso.datetime();

/** An instant on a whole minute. Cafés begin and end on whole minutes. */
export const WholeMinute = Instant.check(z.regex(/:00(\.0+)?Z$/, 'must be a whole minute'));

/** The languages that every page, mail and problem is written in. The first is the default. */
export const locales = ['fr', 'en'] as const;
export const Locale = z.enum(locales);
export type Locale = z.infer<typeof Locale>;
export const defaultLocale: Locale = 'fr';

/** A language as BCP 47 writes it: `fr`, `de`, `pt-BR`. An event may have languages that Comptoir does not speak. */
export const LanguageTag = z
  .string()
  .check(z.maxLength(35), z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as fr'));

/** Values by language tag. */
export type ByLanguage<Value> = Record<string, Value | undefined>;

/**
 * The value in a language; where it is missing, in the first language of the event, or in any.
 * @param fallback the first language of the event
 */
export function inLanguage<Value>(values: ByLanguage<Value>, language: string, fallback: string): Value | undefined {
  return values[language] ?? values[fallback] ?? Object.values(values).find((value) => value !== undefined);
}

/** The schema of one line of text from a program: trimmed, without control characters. Text that people type is read by `#text`. */
export function line(lengthMax: number) {
  return z
    .string()
    .check(
      z.trim(),
      z.minLength(1),
      z.maxLength(lengthMax),
      z.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line, without control characters'),
    );
}

/** The message of the API for each error of a text of a programme. Pages have their own texts, by the code. */
export const textErrors: Record<TextErrorCode, string> = {
  empty: 'must have a visible character',
  'too-long': 'is too long',
  broken: 'must be well-formed Unicode without the character U+0000',
  'line-break': 'must stand on one line',
  'control-character': 'must not contain control characters, such as a tab',
  'direction-character': 'must not contain characters that change the direction of text',
};

function textBy(read: typeof readLine, lengthMax: number) {
  return z.pipe(
    z.string().check(z.meta({ minLength: 1, maxLength: lengthMax })),
    z.transform((typed: string, context) => {
      const { text, error } = read(typed, lengthMax);
      if (text !== undefined) return text;
      context.issues.push({ code: 'custom', message: textErrors[error], params: { fault: error }, input: typed });
      return z.NEVER;
    }),
  );
}

/** The schema of a text of a programme on one line (`readLine`): a title, a room. HTML is not interpreted. */
export const OneLine = (lengthMax: number) => textBy(readLine, lengthMax);
/** The schema of a text of a programme with one or more paragraphs (`readParagraphs`). HTML is not interpreted. */
export const Paragraphs = (lengthMax: number) => textBy(readParagraphs, lengthMax);

/** The message of the API for each error of a name. Pages have their own texts, by the code. */
const nameErrors: Record<NameErrorCode, string> = {
  empty: 'must have a letter or a digit',
  'too-long': 'is too long',
  broken: 'must not contain control characters or half a character',
  'too-many-marks': 'must not stack so many marks on one letter',
  'mixed-alphabets': 'must not mix letters of alphabets that look alike in one word',
  link: 'must be a name, without a link',
};

/** The schema of a name that our mails and lists show to other people, in its normal form (`readName`). */
function name(lengthMax: number) {
  return z.pipe(
    z.string().check(z.meta({ minLength: 1, maxLength: lengthMax })),
    z.transform((typed: string, context) => {
      const { text, error } = readName(typed, lengthMax);
      if (text !== undefined) return text;
      context.issues.push({ code: 'custom', message: nameErrors[error], params: { fault: error }, input: typed });
      return z.NEVER;
    }),
  );
}
export const PersonName = name(PERSON_NAME_MAX);
export const Organisation = name(ORGANISATION_MAX);

/** The message of the API for each error of an address. */
const addressErrors: Record<AddressErrorCode, string> = {
  'no-address': 'must be an e-mail address: a part before @ and a domain after it',
  'bad-local-part': 'has a part before @ that is not valid in an e-mail address',
  'bad-domain': 'has no domain after @, such as example.org',
  'too-long': 'is too long for an e-mail address',
  'needs-smtputf8': 'has non-ASCII letters before @, which the mail server does not accept',
};

/** Returns an error of one field of a body, as a member of `Problem.errors`. `path` names the field: `email`, `people.3.email`. */
export function addressError(path: string, code: AddressErrorCode) {
  return { path, message: addressErrors[code], fault: code };
}

/** An e-mail address in the normal form that identifies an attendee (`readAddress`). */
export const Email = z.pipe(
  z.string().check(z.meta({ format: 'idn-email', maxLength: 254 })),
  z.transform((typed: string, context) => {
    const { text, error } = readAddress(typed);
    if (text !== undefined) return text;
    context.issues.push({ code: 'custom', message: addressErrors[error], params: { fault: error }, input: typed });
    return z.NEVER;
  }),
);

/** `GET /client-config` */
export const ClientConfig = z.object({
  gatewayUrl: z.url(),
  locales: z.array(Locale),
  defaultLocale: Locale,
});
export type ClientConfig = z.infer<typeof ClientConfig>;
