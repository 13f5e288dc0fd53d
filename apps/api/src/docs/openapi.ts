import {
  type AnswerShape,
  type CallDeclaration,
  type CallName,
  callNames,
  declarationOf,
  NO_BODY,
  PROOF_OF_WORK_HEADER,
  Problem,
  type ProblemCode,
  parametersOf,
  pathParameter,
  problemDocument,
  problems,
  problemsOf,
  routeOf,
} from '#contract';
import { SESSION_COOKIE } from '#identity';
import { exampleOf, NoExample } from './examples.ts';
import { type Json, schemaOf } from './json-schema.ts';

/** Creates the OpenAPI 3.1 document of all calls from the table of calls. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const name of callNames) {
    const { method, path } = routeOf(name);
    paths[path] ??= {};
    (paths[path] as Json)[method.toLowerCase()] = operation(name);
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
      schemas: { Problem: { ...schemaOf(Problem, 'output'), example: problemDocument('invalid-request', 'en') } },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE } },
    },
  };
}

function operation(name: CallName): Json {
  const { method, path } = routeOf(name);
  const call = declarationOf(name);
  const responses: Record<string, Json> = {};
  for (const [status, answer] of Object.entries(call.answers))
    responses[status] = response(answer, call, `${name} ${status}`);
  for (const [status, codes] of problemsByStatus(name)) {
    responses[status] = {
      description: codes.join(', '),
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(codes.map((code) => [code, { value: problemDocument(code, 'en') }])),
        },
      },
    };
  }
  const who = audienceOf(call);
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^a-zA-Z]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [call.tag],
    summary: who ? `${call.summary} (${who})` : call.summary,
    parameters: parameters(name, call),
    ...(who && { security: [{ session: [] }] }),
    ...(call.file && {
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    }),
    ...(call.body && {
      requestBody: {
        required: true,
        content: { 'application/json': withExample(schemaOf(call.body, 'input'), `${name} body`) },
      },
    }),
    responses,
  };
}

function parameters(name: CallName, { query, headers = [], repeatable, versioned }: CallDeclaration): Json[] {
  const inHeader = (header: string, schema: Json = {}) => ({
    name: header,
    in: 'header',
    schema: { type: 'string', ...schema },
  });
  const asked = query && (schemaOf(query, 'input') as { properties: Record<string, Json>; required?: string[] });
  return [
    ...parametersOf(name).map((parameter) => ({
      name: parameter,
      in: 'path',
      required: true,
      ...withExample(schemaOf(pathParameter(parameter), 'input'), `${name}.${parameter}`),
    })),
    inHeader('Accept-Language', { examples: ['fr', 'en'] }),
    ...Object.entries(asked?.properties ?? {}).map(([parameter, schema]) => ({
      name: parameter,
      in: 'query',
      required: asked?.required?.includes(parameter) ?? false,
      ...withExample(schema, `${name}.${parameter}`),
    })),
    ...headers.map((header) => inHeader(header)),
    ...(versioned ? [inHeader('If-Match', { examples: ['"7"', '*'] })] : []),
    ...(repeatable ? [inHeader('Idempotency-Key', { maxLength: 200 })] : []),
    ...(problemsOf(name).includes('proof-of-work-required')
      ? [inHeader(PROOF_OF_WORK_HEADER, { maxLength: 100 })]
      : []),
  ];
}

/** Who may make a call that requires a session. */
function audienceOf({ access }: CallDeclaration): string | undefined {
  switch (access.who) {
    case 'everybody':
      return undefined;
    case 'registration':
      return access.by.length === 1 ? 'signed in' : undefined;
    case 'signed-in':
      return 'signed in';
    case 'host':
    case 'organiser':
      return access.who;
  }
}

/** Returns the schema with its example, as members of an OpenAPI object. Swagger UI shows random values for a schema without an example. */
function withExample(schema: Json, path: string): Json {
  try {
    return { schema, example: exampleOf(schema, path) };
  } catch (error) {
    // A member without an example fails openapi.spec.ts. It does not stop the API.
    if (error instanceof NoExample) return { schema };
    throw error;
  }
}

function response(answer: AnswerShape, { versioned }: CallDeclaration, path: string): Json {
  const tagged = versioned && { headers: { ETag: { description: 'The version', schema: { type: 'string' } } } };
  if (answer === NO_BODY) return { description: 'Done' };
  if (typeof answer === 'string') return { description: 'Done', content: { [answer]: { schema: { type: 'string' } } } };
  const content = withExample(schemaOf(answer, 'output'), path);
  return { description: 'Done', ...tagged, content: { 'application/json': content } };
}

/**
 * The problems of each call that is not a `GET`, before its handler runs: the request comes from a page of another site (403), or its body
 * is too large (413) or not JSON (415).
 */
const problemsOfWrites: ProblemCode[] = ['not-allowed', 'payload-too-large', 'unsupported-media-type'];

function problemsByStatus(name: CallName): Map<string, ProblemCode[]> {
  const codes = new Set([...problemsOf(name), ...(routeOf(name).method === 'GET' ? [] : problemsOfWrites)]);
  return Map.groupBy(codes, (code) => String(problems[code].status));
}
