import * as z from 'zod/mini';
import { readCode } from '#text';
import { Email, Id, Instant, Locale, Organisation, PersonName } from './common.ts';

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
  /** Present while the person has not given a name: then `name` is made from the address. */
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

/** The token in the link that ends reminders. One that is none ends nothing, as one that is wrong. */
export const RemindersToken = z.looseObject({ token: z.catch(z.string().check(z.maxLength(256)), '') });

/** `POST /sign-in`. `token`: of the link that is open and whose mail is to be sent again; the browser needs the code of that mail as before. */
export const SignInAsk = z.strictObject({
  email: Email,
  locale: z.optional(Locale),
  token: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
});
export type SignInAsk = z.infer<typeof SignInAsk>;

/**
 * `POST /sign-in`: the answer, the same for every address. `sent-already`: no mail was sent now, the code that was sent last is good, and
 * another mail may be asked for in so many seconds. `sent-later`: there is no such code, and as many mails as may be have been sent, to this mailbox or
 * to all addresses; ask again in so many seconds. A person who is known may have a mail all the same.
 */
export const SignInAsked = z.discriminatedUnion('status', [
  z.object({ status: z.literal('sent') }),
  z.object({ status: z.literal('sent-already'), againInSeconds: z.int() }),
  z.object({ status: z.literal('sent-later'), againInSeconds: z.int() }),
]);
export type SignInAsked = z.infer<typeof SignInAsked>;

/** Six to eight digits, as a mail shows them, as they are copied from it, or as a keyboard of another script types them (`readCode`). */
const Digits = z
  .string()
  .check(z.maxLength(60), z.overwrite(readCode), z.regex(/^\d{6,8}$/, 'must be six to eight digits'));

/**
 * The claim tokens that a page holds: those registrations are confirmed as well. The first is that of the claim whose mail has the code,
 * where the page speaks of one.
 */
const ClaimTokens = z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.maxLength(20)));

/** `POST /sign-in/verify`: a code with the address; or the token of a link, with the code in a browser that did not ask for the link. */
export const SignInVerify = z.union([
  z.strictObject({ email: Email, code: Digits, claimTokens: ClaimTokens }),
  z.strictObject({
    token: z.string().check(z.minLength(1), z.maxLength(256)),
    code: z.optional(Digits),
    claimTokens: ClaimTokens,
  }),
]);
export type SignInVerify = z.infer<typeof SignInVerify>;

/** `POST /sign-in/look`: what a press on this link would come to in this browser. Nothing is used up. */
export const SignInLook = z.strictObject({
  token: z.string().check(z.minLength(1), z.maxLength(256)),
  claimTokens: ClaimTokens,
});
export type SignInLook = z.infer<typeof SignInLook>;

/** The guest registration that the mail of a link is about. `registeredBy`: the address of the person who took the seat for them. */
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

/** `POST /sign-in/look`: what the link confirms beside the sign-in; empty where its mail is about no guest registration. */
export const SignInLooked = z.object({ registration: z.optional(LinkRegistration) });
export type SignInLooked = z.infer<typeof SignInLooked>;

/** Members of the problem `code-required`: for which address and, where the mail is about one, for which guest registration. */
export const CodeRequiredMembers = z.object({ email: z.string(), registration: z.optional(LinkRegistration) });
export type CodeRequiredMembers = z.infer<typeof CodeRequiredMembers>;

/** `POST /sign-out`: this session, or `everywhere` all sessions of the person that began until now. */
export const SignOut = z._default(z.strictObject({ everywhere: z.optional(z.boolean()) }), {});
export type SignOut = z.infer<typeof SignOut>;

/** The answer of a sign-in: who it is. Seats that were held for the address are confirmed by then. */
export const SignInAnswer = z.object({ attendee: Me });
export type SignInAnswer = z.infer<typeof SignInAnswer>;
