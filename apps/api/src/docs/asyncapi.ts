import { clientMessages, LIVE_NAMESPACE, LiveRefusal, liveProblems, type ProblemCode, serverMessages } from '#contract';
import { SESSION_COOKIE } from '#identity';
import { type Json, schemaOf } from './json-schema.ts';

const CHANNEL = '#/channels/live';

/** A message of a client or a push of the gateway, as the document and its page describe it. */
export interface LiveMessage {
  name: string;
  title: string;
  summary: string;
  payload: Json;
}

/** The part of AsyncAPI 3 that the document uses. */
export interface AsyncApiDocument {
  asyncapi: '3.0.0';
  info: { title: string; version: string; description: string };
  servers: Record<string, Json>;
  channels: { live: { address: string; description: string; messages: Record<string, LiveMessage> } };
  operations: Record<string, Operation>;
  components: { securitySchemes: Record<string, Json> };
}

export interface Operation {
  /** From the point of view of the gateway: it receives the messages of clients, and sends the pushes. */
  action: 'receive' | 'send';
  summary: string;
  channel: { $ref: string };
  messages: { $ref: string }[];
  reply?: { channel: { $ref: string }; messages: { $ref: string }[] };
}

/** Creates the AsyncAPI 3 document of the live messages from the schemas of the contract. */
export function asyncApiDocument(gatewayUrl: string): AsyncApiDocument {
  const { protocol, host } = new URL(gatewayUrl);
  const messages: Record<string, LiveMessage> = { refusal: refusal() };
  const operations: Record<string, Operation> = {};
  for (const [event, { summary, message, answer, problems, ...rest }] of Object.entries(clientMessages)) {
    const key = keyOf(event);
    const who = 'who' in rest ? ` (${rest.who})` : '';
    messages[key] = { name: event, title: event, summary: summary + who, payload: payloadOf(message, 'input') };
    messages[`${key}.answer`] = {
      name: `${event} acknowledgement`,
      title: `${event}: acknowledgement`,
      summary: 'The first argument of the acknowledgement',
      payload: accepted(payloadOf(answer, 'output')),
    };
    operations[key] = {
      action: 'receive',
      summary: `${summary}${who}. Refused with: ${[...problems, ...liveProblems].join(', ')}`,
      channel: { $ref: CHANNEL },
      messages: [refTo(key)],
      reply: { channel: { $ref: CHANNEL }, messages: [refTo(`${key}.answer`), refTo('refusal')] },
    };
  }
  for (const [event, { summary, message }] of Object.entries(serverMessages)) {
    const key = keyOf(event);
    messages[key] = { name: event, title: event, summary, payload: payloadOf(message, 'output') };
    operations[key] = { action: 'send', summary, channel: { $ref: CHANNEL }, messages: [refTo(key)] };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Comptoir live',
      version: '1',
      description:
        'Seat counts, attendance and dashboards as they change, over socket.io. Every message is an event with one argument; what a ' +
        'client sends is answered in its acknowledgement. Counts are whole and carry a version: keep, for each Café, the highest.',
    },
    servers: {
      gateway: {
        host,
        protocol: protocol === 'https:' ? 'wss' : 'ws',
        pathname: '/socket.io/',
        description: 'socket.io 4. Pages of a foreign origin are refused.',
        security: [{ $ref: '#/components/securitySchemes/session' }],
      },
    },
    channels: {
      live: { address: LIVE_NAMESPACE, description: 'The socket.io namespace of everything live.', messages },
    },
    operations,
    components: {
      securitySchemes: {
        session: {
          type: 'httpApiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description:
            'Needed for attendance and dashboards, and for changes of one’s own registrations; seat counts are public.',
        },
      },
    },
  };
}

/** Keys of the document may contain letters, digits, dots, dashes and underscores. */
function keyOf(event: string): string {
  return event.replaceAll(':', '.');
}

function refTo(key: string): { $ref: string } {
  return { $ref: `${CHANNEL}/messages/${key}` };
}

/** AsyncAPI's own schemas are a superset of draft 7. */
function payloadOf(schema: Parameters<typeof schemaOf>[0], io: 'input' | 'output'): Json {
  return schemaOf(schema, io, 'draft-7');
}

function accepted(answer: Json): Json {
  return {
    ...answer,
    properties: { ok: { type: 'boolean', const: true }, ...(answer.properties as Json | undefined) },
    required: ['ok', ...((answer.required as string[] | undefined) ?? [])],
  };
}

function refusal(): LiveMessage {
  const codes: ProblemCode[] = liveProblems;
  return {
    name: 'refusal',
    title: 'A refused message',
    summary: `In place of the acknowledgement; the connection lives on. Any message may be refused with ${codes.join(', ')}.`,
    payload: payloadOf(LiveRefusal, 'output'),
  };
}
