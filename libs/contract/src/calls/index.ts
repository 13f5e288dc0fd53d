import type * as z from 'zod/mini';
import type { Locale } from '../common.ts';
import type { ProblemCode } from '../problems.ts';
import type { Access, CallDeclaration, CallHeader, MediaType, Method, NO_BODY } from './call.ts';
import { doorCalls } from './door.ts';
import { editingCalls } from './editing.ts';
import { importingCalls } from './importing.ts';
import { organiserCalls } from './organiser.ts';
import { programmeCalls } from './programme.ts';
import { registrationCalls } from './registrations.ts';
import { serviceCalls } from './service.ts';
import { signInCalls } from './sign-in.ts';

export * from './call.ts';

/**
 * Every call of the API. Controllers, validation, access, OpenAPI, the typed client and the tests derive from this table (docs/adr/0018).
 * To add a call, add it here and write its handler in a controller of apps/api. The compiler and the boot report what is missing.
 */
export const calls = {
  ...serviceCalls,
  ...programmeCalls,
  ...signInCalls,
  ...registrationCalls,
  ...doorCalls,
  ...organiserCalls,
  ...editingCalls,
  ...importingCalls,
} as const;

export type Calls = typeof calls;
/** The method and the path of a call, `GET /cafes/{id}`. */
export type CallName = keyof Calls;
export const callNames = Object.keys(calls) as CallName[];

/** Returns the declaration of a call, typed as any declaration. */
export function declarationOf(name: CallName): CallDeclaration {
  return calls[name];
}

/** Returns the method and the path of a call. The path is below `/api/v1`, with `{name}` for each parameter. */
export function routeOf(name: CallName): { method: Method; path: string } {
  const at = name.indexOf(' ');
  return { method: name.slice(0, at) as Method, path: name.slice(at + 1) };
}

/** Returns the names of the parameters of a path, in order. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter as string);
}

/** Returns every problem that a call can answer: the declared ones, and those of its access, its input and its repetition. */
export function problemsOf(name: CallName): ProblemCode[] {
  const { access, body, query, problems = [], repeatable, versioned } = declarationOf(name);
  const found = new Set<ProblemCode>([...problems, ...problemsOfAccess(access, name), 'unavailable']);
  if (body || query || repeatable || parametersOf(name).length > 0) found.add('invalid-request');
  if (repeatable) found.add('idempotency-mismatch');
  if (versioned) found.add('version-changed');
  return [...found];
}

function problemsOfAccess(access: Access, name: CallName): ProblemCode[] {
  const notFound = {
    cafe: 'cafe-not-found',
    'cafe-of-body': 'cafe-not-found',
    'cafe-of-registration': 'registration-not-found',
    event: 'event-not-found',
    room: 'room-not-found',
  } as const;
  switch (access.who) {
    case 'everybody':
      return [];
    case 'signed-in':
      return ['not-signed-in'];
    case 'registration':
      return ['not-signed-in', 'registration-not-found'];
    case 'host':
    case 'organiser':
      // For a client that may not undo a check-in, the check-in is not found.
      return [
        'not-signed-in',
        ...(name.startsWith('DELETE /check-ins') ? [] : ['not-allowed' as const]),
        notFound[access.of],
      ];
  }
}

type ParameterNames<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParameterNames<Rest> : never;
type Member<Declaration, Key extends string> = Declaration extends { [K in Key]: infer Value } ? Value : undefined;

/** The parameters in the path of a call. */
export type CallParameters<Name extends CallName> = { [Parameter in ParameterNames<Name>]: string };
/** The parsed body of a call, as its handler gets it. */
export type CallBody<Name extends CallName> =
  Member<Calls[Name], 'body'> extends z.ZodMiniType ? z.output<Member<Calls[Name], 'body'>> : undefined;
/** The body of a call as a client sends it. */
export type CallBodyInput<Name extends CallName> =
  Member<Calls[Name], 'file'> extends true
    ? Blob
    : Member<Calls[Name], 'body'> extends z.ZodMiniType
      ? z.input<Member<Calls[Name], 'body'>>
      : undefined;
export type CallQuery<Name extends CallName> =
  Member<Calls[Name], 'query'> extends z.ZodMiniType ? z.output<Member<Calls[Name], 'query'>> : undefined;
export type CallHeaders<Name extends CallName> =
  Member<Calls[Name], 'headers'> extends readonly CallHeader[]
    ? { [Header in Member<Calls[Name], 'headers'>[number]]?: string }
    : undefined;
export type CallAccess<Name extends CallName> = Calls[Name]['access'];
/** The requested language of a localised call. */
export type CallLocale<Name extends CallName> = Member<Calls[Name], 'localised'> extends true ? Locale : undefined;

/** The version that a client of a versioned call expects; undefined: any version. */
export type CallVersion<Name extends CallName> =
  Member<Calls[Name], 'versioned'> extends true ? number | undefined : undefined;

type AnswerOfShape<Shape> = Shape extends z.ZodMiniType
  ? z.output<Shape>
  : Shape extends typeof NO_BODY
    ? undefined
    : Shape extends MediaType
      ? string
      : never;
/** The answer of a call, for any status. A file is a string. */
export type CallAnswer<Name extends CallName> = AnswerOfShape<Calls[Name]['answers'][keyof Calls[Name]['answers']]>;
