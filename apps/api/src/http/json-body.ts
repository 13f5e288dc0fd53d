import type { FastifyInstance } from 'fastify';
import { ProblemError } from '#contract';

/** The deepest nesting of arrays and objects in a body; no body of the contract is deeper than five. */
const DEPTH_MAX = 32;

/** Parses bodies as JSON only. An empty body is no body, with any content type. */
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
