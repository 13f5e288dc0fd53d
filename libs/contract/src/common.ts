import * as z from 'zod/mini';
import { type NameFault, ORGANISATION_MAX, PERSON_NAME_MAX, readName } from '#text';

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

/** An e-mail address, trimmed and in lower case: the form in which a person is recognised. */
export const Email = z.pipe(
  z.pipe(
    z.string().check(z.maxLength(254)),
    z.transform((text: string) => text.trim().toLowerCase()),
  ),
  z.email(),
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
