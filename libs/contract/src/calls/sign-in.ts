import {
  LinkPreview,
  LinkPreviewRequest,
  Me,
  MeChange,
  RemindersToken,
  SignInAnswer,
  SignInRequest,
  SignInRequestAnswer,
  SignInVerify,
  SignOut,
} from '../people.ts';
import { MyData } from '../registrations.ts';
import { type CallTable, everybody, NO_BODY, signedIn } from './call.ts';

export const signInCalls = {
  'POST /sign-in': {
    tag: 'sign-in',
    summary:
      'Request a mail with a code and a link. If this request made the code and has no `token`, the browser gets the cookie `comptoir_asked`, and the link works in it without the code',
    access: everybody,
    body: SignInRequest,
    answers: { 202: SignInRequestAnswer },
    problems: ['proof-of-work-required', 'address-not-deliverable'],
  },
  'POST /sign-in/look': {
    tag: 'sign-in',
    summary: 'The result that a sign-in with the token of a link would have in this browser. The link stays valid',
    access: everybody,
    body: LinkPreviewRequest,
    answers: { 200: LinkPreview },
    problems: ['sign-in-invalid', 'code-required', 'proof-of-work-required'],
    localised: true,
  },
  'POST /sign-in/verify': {
    tag: 'sign-in',
    summary:
      'Sign in by code, or by token in the browser that requested the mail. Confirms the guest registrations of the mail and of the claim tokens',
    access: everybody,
    body: SignInVerify,
    answers: { 200: SignInAnswer },
    problems: ['sign-in-invalid', 'code-required', 'code-locked', 'proof-of-work-required'],
    localised: true,
  },
  'POST /sign-out': {
    tag: 'sign-in',
    summary: 'End the session, or all sessions of the attendee',
    access: everybody,
    body: SignOut,
    answers: { 204: NO_BODY },
  },
  'GET /me': { tag: 'sign-in', summary: 'The signed-in attendee', access: signedIn, answers: { 200: Me } },
  'PATCH /me': {
    tag: 'sign-in',
    summary: 'Change the attendee’s name, organisation, language or reminder setting',
    access: signedIn,
    body: MeChange,
    answers: { 200: Me },
  },
  'GET /me/data': {
    tag: 'registrations',
    summary: 'Export all stored data of the attendee',
    access: signedIn,
    answers: { 200: MyData },
    localised: true,
  },
  'GET /reminders/unsubscribe': {
    tag: 'registrations',
    summary: 'A page with a button that ends the reminders to an attendee. Each reminder has a link to it',
    access: everybody,
    query: RemindersToken,
    answers: { 200: 'text/html' },
    localised: true,
  },
  'POST /reminders/unsubscribe': {
    tag: 'registrations',
    summary:
      'End the reminders to an attendee, without a session (RFC 8058: the body is the form `List-Unsubscribe=One-Click`, and is not read)',
    access: everybody,
    query: RemindersToken,
    answers: { 200: 'text/html' },
    localised: true,
  },
  'DELETE /me': {
    tag: 'registrations',
    summary: 'Give all seats back, and erase the attendee',
    access: signedIn,
    answers: { 204: NO_BODY },
    problems: ['busy'],
  },
} as const satisfies CallTable;
