import type * as z from 'zod/mini';
import { Id } from '../common.ts';
import type { ProblemCode } from '../problems.ts';
import { Slug } from '../programme.ts';

/**
 * Who may make a call. The guard of the API checks it before the request reaches its handler.
 *
 * - `everybody`: no session is needed; a handler may use one.
 * - `signed-in`: an attendee with a session.
 * - `registration`: a client that has one of the keys `by` of the registration `{id}`. For other clients the registration is not found.
 * - `host`: a host of the Café's room, or an organiser of its event. The Café is the one in the path, the one in the body (`cafeId`), or the
 *   Café of the registration in the path.
 * - `organiser`: an organiser of the event of the Café or the room `{id}`, or of the event in the path (`{id}` or `{slug}`).
 */
export type Access =
  | { who: 'everybody' }
  | { who: 'signed-in' }
  | { who: 'registration'; by: readonly RegistrationKey[] }
  | { who: 'host'; of: 'cafe' | 'cafe-of-body' | 'cafe-of-registration' }
  | { who: 'organiser'; of: 'cafe' | 'event' | 'room' };

/**
 * What gives access to a registration. `session`: the session of its attendee. `link`: the key in a mail about it (header
 * `registration-key`). `claim-token`: the token of the page that claimed it without a session (header `claim-token`).
 */
export type RegistrationKey = 'session' | 'link' | 'claim-token';

/** The headers that only some calls read. All are optional. */
export type CallHeader = 'claim-token' | 'registration-key' | 'registration-code';

/** The media types of answers that are not JSON. */
export type MediaType =
  | 'application/xml'
  | 'text/html'
  | 'text/javascript'
  | 'text/calendar'
  | 'image/svg+xml'
  | 'application/pdf';

/** Declares an answer without a body (204). */
export const NO_BODY = 'no body';

export type AnswerShape = z.ZodMiniType | MediaType | typeof NO_BODY;

/** One call of the API. Its name is its method and its path below `/api/v1`, with `{name}` for parameters. */
export interface CallDeclaration {
  tag: 'programme' | 'registrations' | 'sign-in' | 'door' | 'organiser' | 'service';
  summary: string;
  access: Access;
  /** The schema of the query string. Every call also accepts `locale`. */
  query?: z.ZodMiniType;
  headers?: readonly CallHeader[];
  body?: z.ZodMiniType;
  /** The body is the bytes of a file (`application/octet-stream`). The handler reads it, after access was granted. */
  file?: true;
  /** The answers by status. The first is the default; a handler that sends another one sets the status itself. */
  answers: Partial<Record<200 | 201 | 202 | 204, AnswerShape>>;
  /** The problems of this call alone. `problemsOf` adds those of access, validation and repetition. */
  problems?: readonly ProblemCode[];
  /**
   * The call accepts an `Idempotency-Key`, and acts once for each key. `answer`: the answer is stored and sent again. `effect`: the answer is
   * made again for each request, because it contains secrets that are not stored.
   */
  repeatable?: 'answer' | 'effect';
  /**
   * The call changes a record that has a version. It accepts `If-Match`, and is refused with `version-changed` where the record has another
   * version. Its answer has the new version as `version` and as `ETag`.
   */
  versioned?: true;
  /** The answer depends on the requested language. */
  localised?: true;
  /** The answer is the same for all clients, and a cache may store it for this time, in seconds. 0: the cache revalidates it for each request. */
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
