import { errorCodes, type FastifyInstance } from 'fastify';
import { ProblemError } from '#contract';

/** The deepest nesting of arrays and objects in a body; no body of the contract is deeper than five. */
const DEPTH_MAX = 32;

/** What a mail program sends to end the subscription of its reader (RFC 8058, 3.2). */
const ONE_CLICK_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'];
/** The most bytes of such a body, which is not looked at. */
const ONE_CLICK_BYTES_MAX = 4_096;
const ONE_CLICK_PATH = '/api/v1/reminders/unsubscribe';

/**
 * Reads JSON and nothing else; an empty body is none, whatever its type says. The call that ends reminders takes a form, and does not look
 * at it. Every other call refuses forms: a page elsewhere can make a browser send one with its cookies.
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
  server.addContentTypeParser(
    ONE_CLICK_TYPES,
    { parseAs: 'buffer', bodyLimit: ONE_CLICK_BYTES_MAX },
    (request, _body, done) => {
      if (request.routeOptions.url === ONE_CLICK_PATH) done(null, undefined);
      else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type']));
    },
  );
}

/** Whether the text of a body opens more brackets in one another than any may, outside of its strings. */
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
