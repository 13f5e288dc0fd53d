import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { type CallName, callNames } from '#contract';
import { Handles } from './call.ts';
import { CALLS_BESIDE_NEST, CallCheck } from './call-check.ts';

type Class = new () => object;

/** A controller with a handler for each of these calls. */
function controllerOf(names: readonly CallName[]): Class {
  class Handlers {}
  for (const [place, name] of names.entries()) {
    const key = `handler${place}`;
    const descriptor = { value: async () => ({}), configurable: true };
    Object.defineProperty(Handlers.prototype, key, descriptor);
    (Handles(name) as (target: object, key: string, descriptor: PropertyDescriptor) => void)(
      Handlers.prototype,
      key,
      descriptor,
    );
  }
  Controller()(Handlers);
  return Handlers;
}

/** The error that these controllers cause at the boot; undefined for none. */
function bootErrorOf(...controllers: Class[]): string | undefined {
  const discovery = { getControllers: () => controllers.map((metatype) => ({ metatype })) };
  try {
    new CallCheck(discovery as never, new MetadataScanner()).onModuleInit();
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the boot', () => {
  const inNest = callNames.filter((name) => !CALLS_BESIDE_NEST.includes(name));

  it('continues if each declared call has one handler', () => {
    expect(bootErrorOf(controllerOf(inNest))).toBeUndefined();
  });

  it('stops if a controller has a route without a declared call', () => {
    @Controller()
    class Undeclared {
      @Get('secret')
      secret() {
        return 'open to everybody';
      }
    }
    expect(bootErrorOf(controllerOf(inNest), Undeclared)).toContain(
      'Undeclared.secret is a route without a declared call',
    );
  });

  it('stops if a declared call has no handler or two handlers', () => {
    expect(bootErrorOf(controllerOf(inNest.filter((name) => name !== 'GET /me')))).toContain('GET /me has no handler');
    expect(bootErrorOf(controllerOf(inNest), controllerOf(['GET /me']))).toContain('GET /me is handled by');
    const beside = controllerOf([...inNest, 'POST /cafes/{id}/registrations']);
    expect(bootErrorOf(beside)).toContain('POST /cafes/{id}/registrations is handled by its own server and by');
  });
});
