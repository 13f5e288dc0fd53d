import { PROOF_OF_WORK_HEADER, Problem, type ProblemCode, problems } from '#contract';
import { SESSION_COOKIE } from '#identity';
import { type Json, schemaOf } from './json-schema.ts';
import { type Route, routes } from './routes.ts';

/** The OpenAPI 3.1 document of every call, made from the contract's schemas. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    (paths[route.path] as Json)[route.method] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Comptoir',
      version: '1',
      description: 'Seats in Cafés: registration and capacity in real time. Errors are problem documents (RFC 9457).',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE } },
    },
  };
}

function operation(route: Route): Json {
  const parameters: Json[] = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'slug' ? { type: 'string' } : { type: 'string', format: 'uuid' },
  }));
  parameters.push({ name: 'Accept-Language', in: 'header', schema: { type: 'string', examples: ['fr', 'en'] } });
  for (const name of route.query ?? []) {
    parameters.push({ name, in: 'query', required: true, schema: { type: 'string' } });
  }
  for (const name of route.headers ?? []) parameters.push({ name, in: 'header', schema: { type: 'string' } });
  if (route.idempotent) {
    parameters.push({ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 200 } });
  }
  if (route.problems.includes('proof-of-work-required')) {
    parameters.push({ name: PROOF_OF_WORK_HEADER, in: 'header', schema: { type: 'string', maxLength: 100 } });
  }
  const responses: Record<string, Json> = {};
  for (const [status, answer] of Object.entries(route.answers)) responses[status] = response(answer);
  for (const [status, codes] of problemsByStatus(route)) {
    responses[status] = {
      description: codes.join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return {
    operationId: `${route.method}${route.path.replace(/[^a-zA-Z]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [route.tag],
    summary: route.who ? `${route.summary} (${route.who})` : route.summary,
    parameters,
    ...(route.who && { security: [{ session: [] }] }),
    ...(route.body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
    }),
    responses,
  };
}

function response(answer: Route['answers'][200]): Json {
  if (!answer) return { description: 'Done' };
  if (typeof answer === 'string') return { description: 'Done', content: { [answer]: { schema: { type: 'string' } } } };
  return { description: 'Done', content: { 'application/json': { schema: schemaOf(answer, 'output') } } };
}

function problemsByStatus(route: Route): Map<string, ProblemCode[]> {
  const codes: ProblemCode[] = [...route.problems, 'unavailable'];
  if (route.idempotent) codes.push('idempotency-mismatch');
  if (route.who) codes.push('not-signed-in');
  if (route.who === 'host' || route.who === 'organiser') codes.push('not-allowed');
  const found = new Map<string, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const status = String(problems[code].status);
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
}
