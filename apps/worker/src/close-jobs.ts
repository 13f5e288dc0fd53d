import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';

/**
 * Take no more jobs, and finish those under way where Redis is there to be told. Where it is away, or only coming back, BullMQ 6.7
 * would wait for its blocking connection for ever: then the connections are ended, and Postgres knows what is left to do.
 */
export async function closeJobs(worker: Worker | undefined, redis: Redis | undefined): Promise<void> {
  await worker?.close(redis?.status !== 'ready');
  redis?.disconnect();
}
