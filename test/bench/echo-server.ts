import Fastify from 'fastify';

/** The yardstick: Fastify and nothing else, giving a small POST back. Prints its port. */
const server = Fastify();
server.post('/echo', (request) => request.body);
await server.listen({ port: 0, host: '127.0.0.1' });
console.log((server.server.address() as { port: number }).port);
