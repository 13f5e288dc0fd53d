import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { BoundedLog, readConfiguration } from '#platform';
import { type QueueName, QueueProcessor } from './queue-processor.ts';
import { QueuesModule } from './queues.module.ts';

const logger = pino({ level: 'silent' });
const configuration = readConfiguration({
  DATABASE_URL: 'postgres://127.0.0.1:1/none',
  REDIS_URL: 'redis://127.0.0.1:1',
  SMTP_URL: 'smtp://127.0.0.1:1',
  APP_SECRET: 'a secret of thirty-two characters',
});

/** A processor that does nothing. */
class Idle extends QueueProcessor {
  readonly queue: QueueName;

  constructor(queue: QueueName) {
    super({ configuration, logger, log: new BoundedLog(logger) });
    this.queue = queue;
  }

  protected options() {
    return { concurrency: 1 };
  }

  protected async process() {}
}

/** Boots an app with a processor for each of these queues, and stops it. */
async function boot(...queues: QueueName[]): Promise<void> {
  @Module({
    imports: [QueuesModule],
    providers: queues.map((queue, place) => ({ provide: `${queue} ${place}`, useFactory: () => new Idle(queue) })),
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  await app.close();
}

describe('the queues of the contract', () => {
  it('let the worker boot if each has one processor', async () => {
    await boot('mail', 'scheduled');
  });

  it('stop the boot if one has no processor, or two', async () => {
    await expect(boot('mail')).rejects.toThrow('the queue scheduled has 0 processors');
    await expect(boot('mail', 'scheduled', 'mail')).rejects.toThrow('the queue mail has 2 processors');
  });
});
