import { expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { Audit } from './audit.ts';

it('limits the log lines of a flood from one client or from many clients, and logs how many entries it left out', () => {
  const lines: { message: string; more?: number }[] = [];
  const logger = { info: (fields: object, message: string) => lines.push({ message, ...fields }) } as never;
  let who = 'one';
  const audit = new Audit(logger, { ofClient: () => who } as never);
  const request = { method: 'GET', routeOptions: { url: '/x' } } as FastifyRequest;
  for (let time = 0; time < 1_000; time++) audit.refused(request, 'not-allowed');
  expect(lines).toHaveLength(1);
  for (let client = 0; client < 10_000; client++) {
    who = `client ${client}`;
    audit.refused(request, 'not-signed-in');
  }
  expect(lines).toHaveLength(500);
  audit.refused(request, 'cafe-full');
  audit.used(request, 'host', { role: 'organiser', eventId: 'event' });
  expect(lines).toHaveLength(501);
  audit.onApplicationShutdown();
  expect(lines.slice(501)).toMatchObject([
    { message: 'a request was refused (repeated)', more: 999 },
    { message: 'further requests were refused', more: 9_501 },
  ]);
});
