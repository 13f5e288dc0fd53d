import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { queues } from '#contract';
import { openRedis } from '#platform';
import type { Access } from '../http/access.ts';
import { answerError, problemOf, sendProblem } from '../http/problem-filter.ts';

/** The path of the board. */
const BOARD_PATH = '/board';
/** The content security policy of the board: its pages need `<base>`, and no live connection. */
const BOARD_POLICY = [
  `default-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `object-src 'none'`,
  `base-uri 'self'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');
/** The link to a font that the board would load from another site. It is removed. */
const FOREIGN_FONT = /<link href="https:[^>]*>/g;

/**
 * Adds the read-only board of the queues, for owners of the installation, because the queues contain jobs of all events. The jobs of a
 * queue are created from Postgres, so the board changes none. Organisers resend undelivered messages from their page. Jobs contain ids and
 * no names.
 * @returns a function that closes the board
 */
export async function addQueueBoard(
  server: FastifyInstance,
  options: { access: Access; redisUrl: string; logger: Pick<Logger, 'error'> },
): Promise<() => void> {
  const { access, redisUrl, logger } = options;
  const connection = openRedis(redisUrl, {
    name: 'comptoir-board',
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  });
  const shown = Object.values(queues).map(({ name }) => new Queue(name, { connection, skipVersionCheck: true }));
  for (const queue of shown) queue.on('error', () => {});
  const adapter = new FastifyAdapter().setBasePath(BOARD_PATH);
  createBullBoard({
    queues: shown.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    // @bull-board/fastify has its own copy of the types of the board.
    serverAdapter: adapter as unknown as Parameters<typeof createBullBoard>[0]['serverAdapter'],
    options: { uiConfig: { boardTitle: 'Comptoir', hideRedisDetails: true } },
  });
  // The board would answer an error with 500 and a stack. Rethrown, the error becomes a problem.
  adapter.setErrorHandler((error) => {
    throw error;
  });
  await server.register(
    async (board) => {
      board.setErrorHandler((error, request, reply) => answerError(logger, error, request, reply));
      board.addHook('onRequest', async (request, reply) => {
        reply.header('content-security-policy', BOARD_POLICY);
        try {
          await access.requireOwner(request);
        } catch (error) {
          return sendProblem(request, reply, problemOf(error));
        }
      });
      board.addHook('onSend', async (_request, reply, payload) => {
        reply.header('cache-control', 'no-store');
        return typeof payload === 'string' ? payload.replace(FOREIGN_FONT, '') : payload;
      });
      await board.register(adapter.registerPlugin());
    },
    { prefix: BOARD_PATH },
  );
  return () => connection.disconnect();
}
