import * as z from 'zod/mini';
import { Cafe, EventProgramme, EventSummary, RoomSeats } from '../programme.ts';
import { type CallTable, everybody } from './call.ts';

/** A schedule by the schema of c3voc, which stands at the address in `$schema`. */
const Schedule = z.looseObject({ $schema: z.string(), schedule: z.looseObject({ version: z.string() }) });

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
  'GET /events/{slug}/programme.ics': {
    tag: 'programme',
    summary: 'The programme of an event as a calendar that calendar programs follow',
    access: everybody,
    answers: { 200: 'text/calendar' },
    problems: ['event-not-found'],
    localised: true,
    cacheSeconds: 300,
  },
  'GET /events/{slug}/schedule.json': {
    tag: 'programme',
    summary: 'The programme of an event as the schedule.json that frab, pretalx and apps of conferences read',
    access: everybody,
    answers: { 200: Schedule },
    problems: ['event-not-found'],
    localised: true,
    cacheSeconds: 300,
  },
  'GET /events/{slug}/schedule.xml': {
    tag: 'programme',
    summary: 'The same as a schedule.xml',
    access: everybody,
    answers: { 200: 'application/xml' },
    problems: ['event-not-found'],
    localised: true,
    cacheSeconds: 300,
  },
} as const satisfies CallTable;
