import * as z from 'zod/mini';
import { ClientConfig } from '../common.ts';
import { type CallTable, everybody } from './call.ts';

export const serviceCalls = {
  'GET /client-config': {
    tag: 'service',
    summary: 'The address of the gateway, and the languages',
    access: everybody,
    answers: { 200: ClientConfig },
    cacheSeconds: 0,
  },
  'GET /openapi.json': {
    tag: 'service',
    summary: 'This document',
    access: everybody,
    answers: { 200: z.looseObject({}) },
    cacheSeconds: 0,
  },
  'GET /docs': {
    tag: 'service',
    summary: 'A page that shows and tries the calls',
    access: everybody,
    answers: { 200: 'text/html' },
    cacheSeconds: 0,
  },
  'GET /docs/start.js': {
    tag: 'service',
    summary: 'The script of the page `/docs`',
    access: everybody,
    answers: { 200: 'text/javascript' },
    cacheSeconds: 0,
  },
  'GET /asyncapi.json': {
    tag: 'service',
    summary: 'The live messages of the gateway (AsyncAPI 3)',
    access: everybody,
    answers: { 200: z.looseObject({}) },
    cacheSeconds: 0,
  },
  'GET /docs/live': {
    tag: 'service',
    summary: 'A page that shows the live messages',
    access: everybody,
    answers: { 200: 'text/html' },
    cacheSeconds: 0,
  },
} as const satisfies CallTable;
