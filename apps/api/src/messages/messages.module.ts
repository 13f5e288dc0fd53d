import { Module } from '@nestjs/common';
import { UndeliveredController } from './undelivered.controller.ts';

/** The undelivered messages. The board of the queues (queue-board.ts) is a plug-in of Fastify. */
@Module({ controllers: [UndeliveredController] })
export class MessagesModule {}
