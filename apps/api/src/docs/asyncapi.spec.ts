import specs from '@asyncapi/specs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { clientMessages, serverMessages } from '#contract';
import { asyncApiDocument } from './asyncapi.ts';
import { livePage } from './live-page.ts';

describe('the document of the live messages', () => {
  const document = asyncApiDocument('https://live.example.org');

  it('is valid AsyncAPI 3', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(specs.schemasWithoutId['3.0.0'] as object);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(validate({ ...document, operations: { wrong: { action: 'shout' } } })).toBe(false);
  });

  it('describes each message of the contract with its answer, and no other', () => {
    const { live } = document.channels;
    const names = Object.values(live.messages).map(({ name }) => name);
    const sent = Object.keys(clientMessages);
    expect(names.sort()).toEqual(
      ['refusal', ...Object.keys(serverMessages), ...sent, ...sent.map((event) => `${event} acknowledgement`)].sort(),
    );
    const references = Object.values(document.operations).flatMap(({ messages, reply }) => [
      ...messages,
      ...(reply?.messages ?? []),
    ]);
    for (const { $ref } of references) {
      expect(Object.keys(live.messages).map((key) => `#/channels/live/messages/${key}`)).toContain($ref);
    }
    expect(live.messages['room.watch']?.payload).toMatchObject({
      properties: { roomId: { type: 'string' } },
      required: ['roomId'],
      additionalProperties: false,
    });
  });

  it('names the gateway, and has a page that names each event and loads no file', () => {
    expect(document.servers.gateway).toMatchObject({ host: 'live.example.org', protocol: 'wss' });
    const page = livePage(document);
    for (const event of [...Object.keys(clientMessages), ...Object.keys(serverMessages)]) {
      expect(page).toContain(`<code>${event}</code>`);
    }
    expect(page).not.toMatch(/<script|src=|@import/);
  });
});
