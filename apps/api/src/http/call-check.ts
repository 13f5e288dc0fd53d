import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/internal';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type CallName, callNames } from '#contract';
import { callOf } from './call.ts';

/** The calls that have a separate server instead of a Nest controller (docs/adr/0006, docs/adr/0019). */
export const CALLS_BESIDE_NEST: readonly CallName[] = [
  'POST /cafes/{id}/registrations',
  'GET /events',
  'GET /events/{slug}',
  'GET /cafes/{id}',
];

/**
 * Stops the boot if the controllers and the table of calls differ: a controller has a route that is not a declared call, or a declared call
 * has no handler, or two.
 */
@Injectable()
export class CallCheck implements OnModuleInit {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;

  constructor(discovery: DiscoveryService, scanner: MetadataScanner) {
    this.#discovery = discovery;
    this.#scanner = scanner;
  }

  /** @throws Error with all differences */
  onModuleInit(): void {
    const errors: string[] = [];
    const handled = new Map<CallName, string>(CALLS_BESIDE_NEST.map((call) => [call, 'its own server']));
    for (const { method, call } of this.#routes()) {
      if (!call) errors.push(`${method} is a route without a declared call`);
      else if (handled.has(call)) errors.push(`${call} is handled by ${handled.get(call)} and by ${method}`);
      else handled.set(call, method);
    }
    for (const call of callNames) if (!handled.has(call)) errors.push(`${call} has no handler`);
    if (errors.length > 0) throw new Error(`the calls are not as declared: ${errors.join('; ')}`);
  }

  /** Lists the methods of a controller that are routes of Nest. */
  *#routes(): Generator<{ method: string; call: CallName | undefined }> {
    for (const { metatype } of this.#discovery.getControllers()) {
      const prototype = metatype?.prototype as Record<string, object> | undefined;
      if (!metatype || !prototype) continue;
      for (const key of this.#scanner.getAllMethodNames(prototype)) {
        const handler = prototype[key] as object;
        if (Reflect.hasMetadata(PATH_METADATA, handler))
          yield { method: `${metatype.name}.${key}`, call: callOf(handler) };
      }
    }
  }
}
