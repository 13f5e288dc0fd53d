import * as z from 'zod/mini';
import { CafeEdit, EditedAnswer } from '../editing.ts';
import { Dashboard } from '../live.ts';
import { Cafe, CafeMove, CafePlace, ChangedCafe, MovePreview } from '../programme.ts';
import { Undelivered } from '../undelivered.ts';
import { type CallTable, NO_BODY, organiserOfCafe, organiserOfEvent } from './call.ts';

export const organiserCalls = {
  'POST /cafes/{id}/move-preview': {
    tag: 'organiser',
    summary: 'The people who would have two overlapping seats if a Café were moved',
    access: organiserOfCafe,
    body: CafePlace,
    answers: { 200: MovePreview },
    problems: ['room-not-found', 'ends-before-start', 'ends-before-now', 'capacity-above-room'],
    localised: true,
  },
  'POST /cafes/{id}/move': {
    tag: 'organiser',
    summary: 'Move a Café to another time, room or capacity',
    access: organiserOfCafe,
    body: CafeMove,
    answers: { 200: Cafe },
    problems: [
      'room-not-found',
      'ends-before-start',
      'ends-before-now',
      'capacity-above-room',
      'capacity-below-taken',
      'room-full',
      'counts-changed',
      'move-clashes',
    ],
    versioned: true,
    localised: true,
  },
  'PATCH /cafes/{id}': {
    tag: 'organiser',
    summary:
      'Change a Café: its texts, people, place, seats, state and waitlist. With `undoable`, the registrations that the change ends end after ten seconds, and until then the change can be undone',
    access: organiserOfCafe,
    body: CafeEdit,
    answers: { 200: EditedAnswer },
    problems: [
      'room-not-found',
      'code-taken',
      'ends-before-start',
      'ends-before-now',
      'outside-event',
      'texts-missing',
      'cafe-cancelled',
      'event-is-draft',
      'has-registrations',
      'capacity-below-taken',
      'capacity-above-room',
      'room-full',
      'counts-changed',
      'move-clashes',
      'busy',
    ],
    versioned: true,
    localised: true,
  },
  'DELETE /cafes/{id}/closings/{closingId}': {
    tag: 'organiser',
    summary: 'Undo an undoable closing of a waitlist or a Café, or an undoable cancellation, within ten seconds',
    access: organiserOfCafe,
    answers: { 200: ChangedCafe },
    problems: ['undo-over'],
    versioned: true,
    localised: true,
  },
  'GET /events/{id}/dashboard': {
    tag: 'organiser',
    summary: 'The dashboard of an event: the object that the gateway pushes',
    access: organiserOfEvent,
    answers: { 200: Dashboard },
  },
  'GET /events/{slug}/undelivered': {
    tag: 'organiser',
    summary: 'The undelivered messages of an event, latest first',
    access: organiserOfEvent,
    answers: { 200: z.array(Undelivered) },
  },
  'POST /events/{slug}/undelivered/{id}/send-again': {
    tag: 'organiser',
    summary: 'Send an undelivered message again',
    access: organiserOfEvent,
    answers: { 204: NO_BODY },
    problems: ['message-not-found'],
  },
} as const satisfies CallTable;
