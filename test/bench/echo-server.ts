import Fastify from 'fastify';

/** The reference: Fastify alone, which returns a small POST. Prints its port. */
const server = Fastify();
server.post('/echo', (request) => request.body);
await server.listen({ port: 0, host: '127.0.0.1' });
console.log((server.server.address() as { port: number }).port);
