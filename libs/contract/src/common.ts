import * as z from 'zod/mini';

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

/** One line of text typed by a person: trimmed, no control characters (so no line can be smuggled into a mail header). */
export function line(maxLength: number) {
  return z
    .string()
    .check(
      z.trim(),
      z.minLength(1),
      z.maxLength(maxLength),
      z.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line, without control characters'),
    );
}

/** One line that our mails tell to others: it carries no address of a page, of a stranger to a third. */
const toldLine = (maxLength: number) =>
  line(maxLength).check(
    z.refine((text) => !/:\/\/|www\.|\w\.\p{L}{2,}\//iu.test(text), 'must be a name, without a link'),
  );
export const PersonName = toldLine(120);
export const Organisation = toldLine(160);

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
