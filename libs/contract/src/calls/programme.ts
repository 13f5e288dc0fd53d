import * as z from 'zod/mini';
import { Cafe, EventProgramme, EventSummary, RoomSeats } from '../programme.ts';
import { type CallTable, everybody } from './call.ts';

export const programmeCalls = {
  'GET /events': {
    tag: 'programme',
    summary: 'The events',
    access: everybody,
    answers: { 200: z.array(EventSummary) },
    localised: true,
    cacheSeconds: 0,
  },
  'GET /events/{slug}': {
    tag: 'programme',
    summary: 'An event with its rooms and Cafés',
    access: everybody,
    answers: { 200: EventProgramme },
    problems: ['event-not-found'],
    localised: true,
    cacheSeconds: 0,
  },
  'GET /cafes/{id}': {
    tag: 'programme',
    summary: 'A Café',
    access: everybody,
    answers: { 200: Cafe },
    problems: ['cafe-not-found'],
    localised: true,
    cacheSeconds: 0,
  },
  'GET /rooms/{id}/seats': {
    tag: 'programme',
    summary: 'The seat counts of a room’s Cafés',
    access: everybody,
    answers: { 200: RoomSeats },
    problems: ['room-not-found'],
    cacheSeconds: 0,
  },
} as const satisfies CallTable;
