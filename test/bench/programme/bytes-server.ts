import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

/** The reference: Fastify alone. It answers every GET with the bytes of a file as JSON in this encoding. Prints its port. */
const [file = '', encoding = ''] = process.argv.slice(2);
const bytes = readFileSync(file);
const server = Fastify();
server.get('/', (_request, reply) =>
  reply
    .headers({ 'content-type': 'application/json; charset=utf-8', ...(encoding && { 'content-encoding': encoding }) })
    .send(bytes),
);
await server.listen({ port: 0, host: '127.0.0.1' });
console.log((server.server.address() as { port: number }).port);
