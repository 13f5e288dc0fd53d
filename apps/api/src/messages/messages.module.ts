import { Module } from '@nestjs/common';
import { RemindersController } from './reminders.controller.ts';
import { UndeliveredController } from './undelivered.controller.ts';

/** The messages that were given up, and the end of reminders. The board of the queues (queue-board.ts) is a plug-in of Fastify. */
@Module({ controllers: [RemindersController, UndeliveredController] })
export class MessagesModule {}
