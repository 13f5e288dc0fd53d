import {
  Me,
  MeChange,
  RemindersToken,
  SignInAnswer,
  SignInAsk,
  SignInAsked,
  SignInLook,
  SignInLooked,
  SignInVerify,
  SignOut,
} from '../people.ts';
import { MyData } from '../registrations.ts';
import { type CallTable, everybody, NO_BODY, signedIn } from './call.ts';

export const signInCalls = {
  'POST /sign-in': {
    tag: 'sign-in',
    summary:
      'Ask for a mail with a code and a link. The browser becomes one that asked (cookie `comptoir_asked`) where this request made the code, but never with `token`',
    access: everybody,
    body: SignInAsk,
    answers: { 202: SignInAsked },
    problems: ['proof-of-work-required', 'address-not-deliverable'],
  },
  'POST /sign-in/look': {
    tag: 'sign-in',
    summary: 'What a sign-in with the token of a link would come to in this browser; nothing is used up',
    access: everybody,
    body: SignInLook,
    answers: { 200: SignInLooked },
    problems: ['sign-in-invalid', 'code-required', 'proof-of-work-required'],
    localised: true,
  },
  'POST /sign-in/verify': {
    tag: 'sign-in',
    summary:
      'Sign in by code, or by token in the browser that asked; confirms the guest registrations of the mail and of the claim tokens',
    access: everybody,
    body: SignInVerify,
    answers: { 200: SignInAnswer },
    problems: ['sign-in-invalid', 'code-required', 'code-locked', 'proof-of-work-required'],
    localised: true,
  },
  'POST /sign-out': {
    tag: 'sign-in',
    summary: 'End the session, or all sessions of the person',
    access: everybody,
    body: SignOut,
    answers: { 204: NO_BODY },
  },
  'GET /me': { tag: 'sign-in', summary: 'The person signed in', access: signedIn, answers: { 200: Me } },
  'PATCH /me': {
    tag: 'sign-in',
    summary: 'Change one’s name, organisation, language or whether to be reminded',
    access: signedIn,
    body: MeChange,
    answers: { 200: Me },
  },
  'GET /me/data': {
    tag: 'registrations',
    summary: 'Everything that is kept of the person, to take away',
    access: signedIn,
    answers: { 200: MyData },
    localised: true,
  },
  'GET /reminders/unsubscribe': {
    tag: 'registrations',
    summary: 'A page with a button that ends the reminders to an attendee; the link of it is in each reminder',
    access: everybody,
    query: RemindersToken,
    answers: { 200: 'text/html' },
    localised: true,
  },
  'POST /reminders/unsubscribe': {
    tag: 'registrations',
    summary:
      'End the reminders to an attendee, and nothing else, without a session (RFC 8058: the body is the form `List-Unsubscribe=One-Click`, and is not read)',
    access: everybody,
    query: RemindersToken,
    answers: { 200: 'text/html' },
    localised: true,
  },
  'DELETE /me': {
    tag: 'registrations',
    summary: 'Give every seat back and be forgotten',
    access: signedIn,
    answers: { 204: NO_BODY },
    problems: ['busy'],
  },
} as const satisfies CallTable;
