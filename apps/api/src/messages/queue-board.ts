import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { queues } from '#contract';
import { openRedis } from '#platform';
import type { Access } from '../http/access.ts';
import { answerFault, problemOf, sendProblem } from '../http/problem-filter.ts';

/** Where the board is. */
const BOARD_PATH = '/board';
/** What the board's pages may do. They find their files by their `<base>`, and open no live connection; nothing else of ours has a base. */
const BOARD_POLICY = [
  `default-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `object-src 'none'`,
  `base-uri 'self'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');
/** The board asks for a font of another site; ours has none of those. */
const FOREIGN_FONT = /<link href="https:[^>]*>/g;

/**
 * The board of the queues, to look at, for organisers only. Nothing is changed there: what a queue has follows from Postgres, and a
 * message that was given up is sent again from the organisers' page. Jobs carry ids, so nobody is named.
 * @returns how it is closed.
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
    // Its package brings a copy of the board's types of its own.
    serverAdapter: adapter as unknown as Parameters<typeof createBullBoard>[0]['serverAdapter'],
    options: { uiConfig: { boardTitle: 'Comptoir', hideRedisDetails: true } },
  });
  // The board answers every error with 500 and its stack; thrown on, it is answered as everywhere.
  adapter.setErrorHandler((error) => {
    throw error;
  });
  await server.register(
    async (board) => {
      board.setErrorHandler((error, request, reply) => answerFault(logger, error, request, reply));
      board.addHook('onRequest', async (request, reply) => {
        reply.header('content-security-policy', BOARD_POLICY);
        try {
          await access.requireAnyOrganiser(request);
        } catch (fault) {
          return sendProblem(request, reply, problemOf(fault));
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
