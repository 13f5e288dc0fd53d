import { Module, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { queues } from '#contract';
import { QueueProcessor } from './queue-processor.ts';

/** Stops the boot if a queue of the contract has no processor, or more than one. */
@Module({ imports: [DiscoveryModule] })
export class QueuesModule implements OnModuleInit {
  readonly #discovery: DiscoveryService;

  constructor(discovery: DiscoveryService) {
    this.#discovery = discovery;
  }

  /** @throws Error with the name of each queue that does not have exactly one processor */
  onModuleInit(): void {
    const processors = new Set(
      this.#discovery.getProviders().flatMap(({ instance }) => (instance instanceof QueueProcessor ? [instance] : [])),
    );
    const wrong = Object.keys(queues).flatMap((name) => {
      const count = [...processors].filter(({ queue }) => queue === name).length;
      return count === 1 ? [] : `the queue ${name} has ${count} processors`;
    });
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  }
}
