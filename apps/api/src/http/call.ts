import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  Header,
  HttpCode,
  type PipeTransform,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CallAccess,
  type CallAnswer,
  type CallBody,
  type CallHeaders,
  type CallLocale,
  type CallName,
  type CallParameters,
  type CallQuery,
  type CallVersion,
  declarationOf,
  routeOf,
} from '#contract';
import { AnswerCheck } from './answer-check.ts';
import { type Grant, grantOf } from './grants.ts';
import { inputOf } from './input.ts';
import { localeOf } from './locale.ts';
import { Repeatable } from './repeatable.ts';
import { VersionTag } from './version-tag.ts';

/** The argument of a handler: the validated parameters, the grant of the guard, and Fastify's request and reply. */
export type CallInput<Name extends CallName> = CallParameters<Name> & {
  body: CallBody<Name>;
  query: CallQuery<Name>;
  headers: CallHeaders<Name>;
  locale: CallLocale<Name>;
  expectVersion: CallVersion<Name>;
  request: FastifyRequest;
  reply: FastifyReply;
} & Grant<CallAccess<Name>>;

/** The return value of a handler: the declared answer, or its bytes. */
export type HandlerAnswer<Name extends CallName> = CallAnswer<Name> | Buffer | StreamableFile;

/** The handler of a call. It returns nothing if the answer has no body. */
type Handler<Name extends CallName> =
  undefined extends CallAnswer<Name>
    ? (input: CallInput<Name>) => Promise<void>
    : (input: CallInput<Name>) => HandlerAnswer<Name> | Promise<HandlerAnswer<Name>>;

interface RawCall {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** The key of the metadata with the call of a handler. */
const CALL = Symbol('the call of a handler');

/** Returns the call that a method of a controller handles; undefined if `Handles` did not declare it. */
export function callOf(handler: object): CallName | undefined {
  return Reflect.getMetadata(CALL, handler) as CallName | undefined;
}

/** Validates the input of a request for one call. */
class InputPipe implements PipeTransform<RawCall> {
  readonly #name: CallName;

  constructor(name: CallName) {
    this.#name = name;
  }

  transform({ request, reply }: RawCall) {
    const { localised } = declarationOf(this.#name);
    return {
      ...grantOf(request),
      ...inputOf(this.#name, request),
      ...(localised && { locale: localeOf(request) }),
      request,
      reply,
    };
  }
}

const Input = createParamDecorator((_: unknown, context: ExecutionContext): RawCall => {
  const http = context.switchToHttp();
  return { request: http.getRequest<FastifyRequest>(), reply: http.getResponse<FastifyReply>() };
});

/**
 * Makes a method of a controller the handler of a declared call. Its route, status, validation and headers come from the table of calls,
 * and the compiler checks its parameter and its answer against that table.
 */
export function Handles<Name extends CallName>(name: Name) {
  const decorate = applyDecorators(...decoratorsOf(name));
  return <Method extends Handler<Name>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    Input(undefined, new InputPipe(name))(target, key, 0);
    decorate(target, key, descriptor);
  };
}

/** The decorators of Nest for a call: route, status, headers, repetition and the check of the answer. */
function decoratorsOf(name: CallName) {
  const { method, path } = routeOf(name);
  const { answers, cacheSeconds, localised, repeatable, versioned } = declarationOf(name);
  const [[status, shape] = []] = Object.entries(answers);
  const decorators = [
    RequestMapping({ method: RequestMethod[method], path: path.replace(/\{(\w+)\}/g, ':$1') }),
    HttpCode(Number(status)),
    SetMetadata(CALL, name),
  ];
  if (cacheSeconds !== undefined) decorators.push(Header('cache-control', cacheControl(cacheSeconds)));
  if (localised) decorators.push(Header('vary', 'Accept-Language'));
  if (typeof shape === 'string' && shape.includes('/')) decorators.push(Header('content-type', withCharset(shape)));
  if (repeatable === 'answer') decorators.push(UseInterceptors(Repeatable));
  if (versioned) decorators.push(UseInterceptors(new VersionTag()));
  // Public answers are requested most, and contain no outcome.
  if (typeof shape === 'object' && cacheSeconds === undefined)
    decorators.push(UseInterceptors(new AnswerCheck(name, shape)));
  return decorators;
}

/** The `cache-control` of an answer that is the same for all clients. */
function cacheControl(seconds: number): string {
  return seconds === 0 ? 'no-cache' : `public, max-age=${seconds}`;
}

function withCharset(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}
