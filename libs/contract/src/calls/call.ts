import type * as z from 'zod/mini';
import { Id } from '../common.ts';
import type { ProblemCode } from '../problems.ts';
import { Slug } from '../programme.ts';

/**
 * Who may make a call. The guard of the API grants it before anything else looks at the request.
 *
 * - `everybody`: no session is needed; a handler may still use one.
 * - `signed-in`: a person with a session.
 * - `registration`: a person who opens the registration `{id}` in one of these ways. A registration of another person is not found.
 * - `host`: a host of the Café's room, or an organiser of its event. The Café is the one of the path, of the body (`cafeId`), or that of the
 *   registration in the path.
 * - `organiser`: an organiser of the event of the Café or the room `{id}`, or of the event in the path (`{id}` or `{slug}`).
 */
export type Access =
  | { who: 'everybody' }
  | { who: 'signed-in' }
  | { who: 'registration'; by: readonly RegistrationKey[] }
  | { who: 'host'; of: 'cafe' | 'cafe-of-body' | 'cafe-of-registration' }
  | { who: 'organiser'; of: 'cafe' | 'event' | 'room' };

/**
 * What opens a registration. `session`: its person is signed in. `link`: the key of a mail about it (header `registration-key`).
 * `claim-token`: the page that claimed it without a session (header `claim-token`).
 */
export type RegistrationKey = 'session' | 'link' | 'claim-token';

/** The headers of single calls; none must be sent. */
export type CallHeader = 'claim-token' | 'registration-key' | 'registration-code';

/** The media types of answers that are not JSON. */
export type MediaType = 'text/html' | 'text/javascript' | 'text/calendar' | 'image/svg+xml' | 'application/pdf';

/** The answer without a body (204). */
export const NO_BODY = 'no body';

export type AnswerShape = z.ZodMiniType | MediaType | typeof NO_BODY;

/** One call of the API. Its name is its method and its path below `/api/v1`, with `{name}` for parameters. */
export interface CallDeclaration {
  tag: 'programme' | 'registrations' | 'sign-in' | 'door' | 'organiser' | 'service';
  summary: string;
  access: Access;
  /** What must stand behind the question mark; every call also takes `locale`. */
  query?: z.ZodMiniType;
  headers?: readonly CallHeader[];
  body?: z.ZodMiniType;
  /** By status. The first is the one that a handler answers with; another one needs a handler that says its status. */
  answers: Partial<Record<200 | 201 | 202 | 204, AnswerShape>>;
  /** The problems that are not implied: `problemsOf` adds those of access, validation and repetition. */
  problems?: readonly ProblemCode[];
  /**
   * It may be sent twice with one `Idempotency-Key`. `answer`: it acts once, and its answer is kept and given again. `effect`: it acts once,
   * and the answer is made anew, because it holds what may not be kept.
   */
  repeatable?: 'answer' | 'effect';
  /**
   * It changes a record that has a version: it takes `If-Match` and is refused with `version-changed` where the record has another version; its
   * answer has the new version as `version`, and as `ETag`.
   */
  versioned?: true;
  /** The answer depends on the language asked for. */
  localised?: true;
  /** The answer is the same for everybody: a cache may keep it for so many seconds; 0: it asks each time whether it changed. */
  cacheSeconds?: number;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type CallTable = Record<`${Method} /${string}`, CallDeclaration>;

export const everybody = { who: 'everybody' } as const satisfies Access;
export const signedIn = { who: 'signed-in' } as const satisfies Access;
export const hostOfCafe = { who: 'host', of: 'cafe' } as const satisfies Access;
export const organiserOfCafe = { who: 'organiser', of: 'cafe' } as const satisfies Access;
export const organiserOfEvent = { who: 'organiser', of: 'event' } as const satisfies Access;
export const organiserOfRoom = { who: 'organiser', of: 'room' } as const satisfies Access;
export const ownerOnly = { who: 'registration', by: ['session'] } as const satisfies Access;
export const ownerOrLink = { who: 'registration', by: ['session', 'link'] } as const satisfies Access;

/** The schemas of the parameters in paths; every other parameter is an id. */
export const pathParameters = { slug: Slug } as const;

/** The schema of one parameter of a path. */
export function pathParameter(name: string): z.ZodMiniType<string, string> {
  return Object.hasOwn(pathParameters, name) ? pathParameters[name as keyof typeof pathParameters] : Id;
}
