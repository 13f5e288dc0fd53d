import { Controller } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type ImportApplied, type ImportPreview, type Locale, ProblemError } from '#contract';
import { Roles } from '#identity';
import {
  FileReader,
  ImportNotReady,
  Imports,
  LoadRefused,
  LoadRunning,
  ReaderBusy,
  UnreadableDocument,
  unreadableTexts,
} from '#programme';
import { Access } from '../http/access.ts';
import { type CallInput, Handles } from '../http/call.ts';
import { type Limit, Limits } from '../http/limits.ts';
import { ProgrammeAnswers } from '../programme/programme-answers.ts';
import { differenceCounts, importAnswer } from './import-answer.ts';
import { readUpload } from './upload.ts';

/** Imports of programmes from files. An import belongs to the person who sent the file, while they organise its event. */
@Controller()
export class ImportingController {
  readonly #imports: Imports;
  readonly #reader: FileReader;
  readonly #access: Access;
  readonly #roles: Roles;
  readonly #answers: ProgrammeAnswers;
  readonly #sent: Limit;

  constructor(
    imports: Imports,
    reader: FileReader,
    access: Access,
    roles: Roles,
    answers: ProgrammeAnswers,
    limits: Limits,
  ) {
    this.#imports = imports;
    this.#reader = reader;
    this.#access = access;
    this.#roles = roles;
    this.#answers = answers;
    this.#sent = limits.limit({ name: 'import', points: 60, seconds: 600 });
  }

  @Handles('POST /events/{slug}/imports')
  async add(input: CallInput<'POST /events/{slug}/imports'>): Promise<ImportPreview> {
    const { event, session, query, request, locale } = input;
    return this.#add(request, { attendeeId: session.attendeeId, eventId: event.id, fileName: query.fileName }, locale);
  }

  @Handles('POST /imports')
  async addToNewEvent(input: CallInput<'POST /imports'>): Promise<ImportPreview> {
    const { session, query, request, locale } = input;
    await this.#requireOrganiser(session.attendeeId);
    return this.#add(request, { attendeeId: session.attendeeId, fileName: query.fileName }, locale);
  }

  @Handles('GET /imports/{id}')
  async read({ id, session, request, locale }: CallInput<'GET /imports/{id}'>): Promise<ImportPreview> {
    await this.#requireOwn(id, session.attendeeId, request);
    return this.#preview(id, session.attendeeId, locale);
  }

  @Handles('PATCH /imports/{id}')
  async change({ id, session, request, body, locale }: CallInput<'PATCH /imports/{id}'>): Promise<ImportPreview> {
    await this.#requireOwn(id, session.attendeeId, request);
    const { options, ...change } = body;
    await this.#imports.change(id, session.attendeeId, change);
    return this.#preview(id, session.attendeeId, locale, options);
  }

  @Handles('POST /imports/{id}/apply')
  async apply({ id, session, request, body }: CallInput<'POST /imports/{id}/apply'>): Promise<ImportApplied> {
    const { attendeeId } = session;
    const eventId = await this.#requireOwn(id, attendeeId, request);
    const applied = await this.#imports.apply(id, attendeeId, body).catch(asProblem);
    if (!applied) throw new ProblemError('import-not-found');
    // Who makes an event organises it.
    if (eventId === null)
      await this.#roles.grant(attendeeId, { role: 'organiser', eventId: applied.eventId }, attendeeId);
    this.#answers.changedEvent(applied.eventId);
    return { eventId: applied.eventId, slug: applied.slug, differenceCounts: differenceCounts(applied.differences) };
  }

  @Handles('DELETE /imports/{id}')
  async remove({ id, session, request }: CallInput<'DELETE /imports/{id}'>): Promise<void> {
    await this.#requireOwn(id, session.attendeeId, request);
    await this.#imports.remove(id, session.attendeeId);
  }

  async #add(
    request: FastifyRequest,
    facts: { attendeeId: string; eventId?: string; fileName: string },
    locale: Locale,
  ): Promise<ImportPreview> {
    await this.#sent.count(facts.attendeeId);
    const bytes = await readUpload(request);
    const content = await this.#reader.read(bytes).catch((error: unknown) => {
      if (error instanceof ReaderBusy) throw new ProblemError('busy', {}, 5);
      if (!(error instanceof UnreadableDocument)) throw error;
      throw new ProblemError('file-unreadable', {
        detail: unreadableTexts[error.code][locale],
        reason: error.code,
        explanation: error.message,
      });
    });
    const id = await this.#imports.add(content, facts);
    return this.#preview(id, facts.attendeeId, locale);
  }

  async #preview(
    id: string,
    attendeeId: string,
    locale: Locale,
    options?: Parameters<Imports['preview']>[2],
  ): Promise<ImportPreview> {
    const preview = await this.#imports.preview(id, attendeeId, options);
    if (!preview) throw new ProblemError('import-not-found');
    return importAnswer(preview, locale);
  }

  /** Requires an import that this person sent, whose event they still organise. @returns the event; null for a new one */
  async #requireOwn(id: string, attendeeId: string, request: FastifyRequest): Promise<string | null> {
    const eventId = await this.#imports.eventOf(id, attendeeId);
    if (eventId === undefined) throw new ProblemError('import-not-found');
    try {
      if (eventId === null) await this.#requireOrganiser(attendeeId);
      else await this.#access.requireOrganiserOfEvent(attendeeId, eventId, request);
    } catch (error) {
      throw error instanceof ProblemError ? new ProblemError('import-not-found') : error;
    }
    return eventId;
  }

  /** Requires somebody who organises an event, or an owner of the installation. @throws ProblemError `not-allowed` */
  async #requireOrganiser(attendeeId: string): Promise<void> {
    const roles = await this.#roles.of(attendeeId);
    if (roles.some(({ role }) => role === 'organiser') || (await this.#roles.isOwner(attendeeId))) return;
    throw new ProblemError('not-allowed');
  }
}

function asProblem(error: unknown): never {
  if (error instanceof LoadRunning) throw new ProblemError('import-running');
  if (error instanceof ImportNotReady) throw new ProblemError('import-not-ready');
  if (error instanceof LoadRefused) {
    const refused = error.differences.filter(({ outcome }) => outcome === 'refused').slice(0, 50);
    throw new ProblemError('import-not-ready', { refused });
  }
  throw error;
}
