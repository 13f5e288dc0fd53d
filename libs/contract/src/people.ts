import * as z from 'zod/mini';
import { Email, Id, Locale, Organisation, PersonName } from './common.ts';

/** What a person may do besides attending: act as the host of a room, or as an organiser of an event. */
export const Role = z.discriminatedUnion('role', [
  z.object({ role: z.literal('organiser'), eventId: Id }),
  z.object({ role: z.literal('host'), eventId: Id, roomId: Id }),
]);
export type Role = z.infer<typeof Role>;

/** `GET /me` */
export const Me = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  organisation: z.optional(z.string()),
  locale: Locale,
  /** Whether the person wants to be reminded of their seats by mail. */
  reminders: z.boolean(),
  roles: z.array(Role),
});
export type Me = z.infer<typeof Me>;

/** `PATCH /me`; `organisation: null` removes it. */
export const MeChange = z
  .strictObject({
    name: z.optional(PersonName),
    organisation: z.optional(z.nullable(Organisation)),
    locale: z.optional(Locale),
    reminders: z.optional(z.boolean()),
  })
  .check(z.refine((change) => Object.keys(change).length > 0, 'name at least one thing to change'));
export type MeChange = z.infer<typeof MeChange>;

/** `POST /sign-in` */
export const SignInAsk = z.strictObject({ email: Email, locale: z.optional(Locale) });
export type SignInAsk = z.infer<typeof SignInAsk>;

/** As a mail shows them, or as they are copied from it: with any spaces between them. */
const SixDigits = z.string().check(
  z.overwrite((text) => text.replace(/\s/g, '')),
  z.regex(/^\d{6}$/),
);

/** `POST /sign-in/verify`: the six digits with the address, or the token of the link. */
export const SignInVerify = z.union([
  z.strictObject({ email: Email, code: SixDigits }),
  z.strictObject({ token: z.string().check(z.minLength(1), z.maxLength(256)) }),
]);
export type SignInVerify = z.infer<typeof SignInVerify>;

/** The answer of a sign-in: who it is. Seats that were held for the address are confirmed by then. */
export const SignInAnswer = z.object({ attendee: Me });
export type SignInAnswer = z.infer<typeof SignInAnswer>;
