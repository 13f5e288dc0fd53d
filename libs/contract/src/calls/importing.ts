import { ImportApplied, ImportChange, ImportFile, ImportOptions, ImportPreview } from '../importing.ts';
import { type CallTable, NO_BODY, organiserOfEvent, signedIn } from './call.ts';

/** Importing a programme from a file: it is read and kept for a day, shown with what it would do, set right, and applied (ADR 46). */
export const importingCalls = {
  'POST /events/{slug}/imports': {
    tag: 'organiser',
    summary:
      'Read a file as a programme of this event, and show what it would change. Nothing is written to the programme',
    access: organiserOfEvent,
    query: ImportFile,
    file: true,
    answers: { 201: ImportPreview },
    problems: ['file-unreadable', 'too-many-requests', 'busy'],
    localised: true,
  },
  'POST /imports': {
    tag: 'organiser',
    summary: 'Read a file as the programme of a new event',
    access: signedIn,
    query: ImportFile,
    file: true,
    answers: { 201: ImportPreview },
    problems: ['not-allowed', 'file-unreadable', 'too-many-requests', 'busy'],
    localised: true,
  },
  'GET /imports/{id}': {
    tag: 'organiser',
    summary: 'What an import of the person would do',
    access: signedIn,
    answers: { 200: ImportPreview },
    problems: ['import-not-found'],
    localised: true,
  },
  'PATCH /imports/{id}': {
    tag: 'organiser',
    summary: 'Set values of an import by hand, or the fields of its columns, and show what it would do now',
    access: signedIn,
    body: ImportChange,
    answers: { 200: ImportPreview },
    problems: ['import-not-found'],
    localised: true,
  },
  'POST /imports/{id}/apply': {
    tag: 'organiser',
    summary: 'Apply an import: everything or nothing',
    access: signedIn,
    body: ImportOptions,
    answers: { 200: ImportApplied },
    problems: ['import-not-found', 'import-not-ready', 'import-running', 'busy'],
  },
  'DELETE /imports/{id}': {
    tag: 'organiser',
    summary: 'Forget an import',
    access: signedIn,
    answers: { 204: NO_BODY },
    problems: ['import-not-found'],
  },
} as const satisfies CallTable;
