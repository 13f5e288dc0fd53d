import { Module } from '@nestjs/common';
import { RemindersController } from './reminders.controller.ts';
import { UndeliveredController } from './undelivered.controller.ts';

/** The undelivered messages, and the links that turn reminders off. The board of the queues (queue-board.ts) is a plug-in of Fastify. */
@Module({ controllers: [RemindersController, UndeliveredController] })
export class MessagesModule {}
