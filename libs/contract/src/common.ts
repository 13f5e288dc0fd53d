import * as z from 'zod/mini';
import {
  type AddressFault,
  type NameFault,
  ORGANISATION_MAX,
  PERSON_NAME_MAX,
  readAddress,
  readLine,
  readName,
  readParagraphs,
  type TextError,
} from '#text';

/** A UUID of any version, given back in its canonical text form: lower case. Ids that we make are UUIDv7. */
export const Id = z.uuid().check(z.toLowerCase());

/** An instant: UTC, ISO 8601, with `Z`. */
export const Instant = z.iso.datetime();

/** An instant on a whole minute, as a Café begins and ends. */
export const WholeMinute = Instant.check(z.regex(/:00(\.0+)?Z$/, 'must be a whole minute'));

/** The languages that every page, mail and problem is written in. The first is the default. */
export const locales = ['fr', 'en'] as const;
export const Locale = z.enum(locales);
export type Locale = z.infer<typeof Locale>;
export const defaultLocale: Locale = 'fr';

/** One line of text that a program gives: trimmed, without control characters. What people type is read by `#text`. */
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

/** What the API says of each error of a text of a programme. Pages have sentences of their own, by `fault`. */
export const textErrors: Record<TextError, string> = {
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

/** A text of a programme that stands on one line (`readLine`): a title, a room. HTML is text. */
export const OneLine = (lengthMax: number) => textBy(readLine, lengthMax);
/** A text of a programme that may have several paragraphs (`readParagraphs`). HTML is text. */
export const Paragraphs = (lengthMax: number) => textBy(readParagraphs, lengthMax);

/** What the API says of each fault of a name. Pages have sentences of their own, by `fault`. */
const nameFaults: Record<NameFault, string> = {
  empty: 'must have a letter or a digit',
  'too-long': 'is too long',
  broken: 'must not contain control characters or half a character',
  'too-many-marks': 'must not stack so many marks on one letter',
  'mixed-alphabets': 'must not mix letters of alphabets that look alike in one word',
  link: 'must be a name, without a link',
};

/** A name that our mails and lists show to others, in its one form (`readName`). */
function name(lengthMax: number) {
  return z.pipe(
    z.string().check(z.meta({ minLength: 1, maxLength: lengthMax })),
    z.transform((typed: string, context) => {
      const { text, fault } = readName(typed, lengthMax);
      if (text !== undefined) return text;
      context.issues.push({ code: 'custom', message: nameFaults[fault], params: { fault }, input: typed });
      return z.NEVER;
    }),
  );
}
export const PersonName = name(PERSON_NAME_MAX);
export const Organisation = name(ORGANISATION_MAX);

/** What the API says of each fault of an address. */
const addressFaults: Record<AddressFault, string> = {
  'no-address': 'must be an e-mail address: a part before @ and a domain after it',
  'bad-local-part': 'has a part before @ that no e-mail address has',
  'bad-domain': 'has no domain after @, such as example.org',
  'too-long': 'is too long for an e-mail address',
  'needs-smtputf8': 'has letters beyond ASCII before @, which the mail server does not take',
};

/** A fault of one field of a body, in the form of `Problem.errors`. `path` names the place: `email`, `people.3.email`. */
export function addressError(path: string, fault: AddressFault) {
  return { path, message: addressFaults[fault], fault };
}

/** An e-mail address in the one form in which a person is recognised (`readAddress`). */
export const Email = z.pipe(
  z.string().check(z.meta({ format: 'idn-email', maxLength: 254 })),
  z.transform((typed: string, context) => {
    const { text, fault } = readAddress(typed);
    if (text !== undefined) return text;
    context.issues.push({ code: 'custom', message: addressFaults[fault], params: { fault }, input: typed });
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

/** A body that carries nothing: `{}`, or no body at all. */
export const Nothing = z._default(z.strictObject({}), {});
