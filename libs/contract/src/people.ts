import * as z from 'zod/mini';
import { readCode } from '#text';
import { Email, Id, Instant, Locale, Organisation, PersonName } from './common.ts';

/** A role of a person: host of a room, or organiser of an event. */
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
  /** Whether the attendee gets reminders by mail. */
  reminders: z.boolean(),
  /** Present until the attendee types a name: `name` is made from the address. */
  nameIsFromAddress: z.optional(z.literal(true)),
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

/** The token in the link that ends reminders. A malformed token gets the same answer as a wrong one. */
export const RemindersToken = z.looseObject({ token: z.catch(z.string().check(z.maxLength(256)), '') });

/** `POST /sign-in`. `token`: the token of an opened link, to send its mail again. The browser still needs the code of that mail. */
export const SignInRequest = z.strictObject({
  email: Email,
  locale: z.optional(Locale),
  token: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
});
export type SignInRequest = z.infer<typeof SignInRequest>;

/**
 * The answer of `POST /sign-in`. It is the same for every address. `sent-already`: no mail is sent now; the last code is valid, and another mail
 * can be requested in `againInSeconds`. `sent-later`: there is no valid code, and the limit of mails to this mailbox or to all addresses is
 * reached; a mail can be requested in `againInSeconds`. An attendee with an account may get a mail in this case too.
 */
export const SignInRequestAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('sent') }),
  z.object({ status: z.literal('sent-already'), againInSeconds: z.int() }),
  z.object({ status: z.literal('sent-later'), againInSeconds: z.int() }),
]);
export type SignInRequestAnswer = z.infer<typeof SignInRequestAnswer>;

/** A code of six to eight digits, normalised by `readCode`. */
const Digits = z
  .string()
  .check(z.maxLength(60), z.overwrite(readCode), z.regex(/^\d{6,8}$/, 'must be six to eight digits'));

/**
 * The claim tokens of a page. A sign-in confirms their registrations as well. If the page asks for the code of one claim, its token is the
 * first.
 */
const ClaimTokens = z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.maxLength(20)));

/** `POST /sign-in/verify`: an address and its code; or the token of a link, with the code if another browser requested the link. */
export const SignInVerify = z.union([
  z.strictObject({ email: Email, code: Digits, claimTokens: ClaimTokens }),
  z.strictObject({
    token: z.string().check(z.minLength(1), z.maxLength(256)),
    code: z.optional(Digits),
    claimTokens: ClaimTokens,
  }),
]);
export type SignInVerify = z.infer<typeof SignInVerify>;

/** `POST /sign-in/look`: previews the sign-in with this link in this browser. The link stays valid. */
export const LinkPreviewRequest = z.strictObject({
  token: z.string().check(z.minLength(1), z.maxLength(256)),
  claimTokens: ClaimTokens,
});
export type LinkPreviewRequest = z.infer<typeof LinkPreviewRequest>;

/** The guest registration of a link's mail. `registeredBy`: the address of the delegate who took the seat. */
const LinkRegistration = z.object({
  cafeId: Id,
  title: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  eventTitle: z.string(),
  /** The IANA time zone of the event. */
  timeZone: z.string(),
  registeredBy: z.optional(z.string()),
});
export type LinkRegistration = z.infer<typeof LinkRegistration>;

/** The answer of `POST /sign-in/look`: the guest registration that the link confirms, if there is one. */
export const LinkPreview = z.object({ registration: z.optional(LinkRegistration) });
export type LinkPreview = z.infer<typeof LinkPreview>;

/** The members of the problem `code-required`: the address and, if there is one, the guest registration of the mail. */
export const CodeRequiredMembers = z.object({ email: z.string(), registration: z.optional(LinkRegistration) });
export type CodeRequiredMembers = z.infer<typeof CodeRequiredMembers>;

/** `POST /sign-out`: ends this session; with `everywhere`, all sessions of the attendee that began until now. */
export const SignOut = z._default(z.strictObject({ everywhere: z.optional(z.boolean()) }), {});
export type SignOut = z.infer<typeof SignOut>;

/** The answer of a sign-in: the attendee. The seats that were held for the address are confirmed. */
export const SignInAnswer = z.object({ attendee: Me });
export type SignInAnswer = z.infer<typeof SignInAnswer>;
