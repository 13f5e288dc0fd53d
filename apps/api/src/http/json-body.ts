import { errorCodes, type FastifyInstance } from 'fastify';
import { callNames, declarationOf, IMPORT_BYTES_MAX, ProblemError, routeOf } from '#contract';

/** The maximum depth of nested arrays and objects in a body. No body of the contract is deeper than five. */
const DEPTH_MAX = 32;

/** The content types with which a mail program unsubscribes (RFC 8058, 3.2). */
const ONE_CLICK_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'];
/** The maximum size of such a body, in bytes. The API does not parse it. */
const ONE_CLICK_BYTES_MAX = 4_096;
const ONE_CLICK_PATH = '/api/v1/reminders/unsubscribe';

/**
 * Accepts JSON bodies only. An empty body of any content type counts as no body. The call that turns reminders off accepts a form and
 * ignores its content. All other calls refuse forms, because a page of another site can make a browser send a form with the cookies of this
 * site.
 */
export function readJsonOnly(server: FastifyInstance, bodyBytesMax: number): void {
  const json = server.getDefaultJsonParser('error', 'error');
  const refuse = (message: string) => new ProblemError('invalid-request', { errors: [{ path: '', message }] });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: bodyBytesMax },
    (request, body, done) => {
      if (body === '') return done(null, undefined);
      if (isTooDeep(body as string)) return done(refuse(`must be at most ${DEPTH_MAX} levels deep`));
      json(request, body as string, (error, value) => (error ? done(refuse('must be JSON')) : done(null, value)));
    },
  );
  acceptFiles(server);
  server.addContentTypeParser(
    ONE_CLICK_TYPES,
    { parseAs: 'buffer', bodyLimit: ONE_CLICK_BYTES_MAX },
    (request, _body, done) => {
      if (request.routeOptions.url === ONE_CLICK_PATH) done(null, undefined);
      else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type']));
    },
  );
}

/** The addresses of the calls that take a file, as the router has them. */
const FILE_PATHS = new Set(
  callNames.flatMap((name) => {
    if (!declarationOf(name).file) return [];
    return `/api/v1${routeOf(name).path.replace(/\{(\w+)\}/g, ':$1')}`;
  }),
);

/**
 * Gives the calls that take a file their body as a stream: it is read after access was granted, and no further than a file may be long. A body
 * that says that it is longer is refused before it is read.
 */
function acceptFiles(server: FastifyInstance): void {
  server.addContentTypeParser('application/octet-stream', (request, body, done) => {
    if (!FILE_PATHS.has(request.routeOptions.url ?? ''))
      done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type']));
    else if (Number(request.headers['content-length'] ?? 0) > IMPORT_BYTES_MAX)
      done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else done(null, body);
  });
}

/** Whether arrays and objects are nested deeper than `DEPTH_MAX`. Brackets in strings do not count. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') {
      if (++depth > DEPTH_MAX) return true;
    } else if (character === ']' || character === '}') depth--;
  }
  return false;
}
