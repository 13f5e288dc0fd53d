/** A change that breaks the promise. */
interface Mutant {
  /** The broken rule, in words. */
  what: string;
  /** The file of the build and its edits. A mutant without them is a change of the claimer. */
  module?: string;
  edits?: [from: string, to: string][];
}

/** The mutants that `npm run faults` must find. */
export const mutants = {
  'mark-before-send': {
    what: 'a message is recorded as sent before it is sent',
    module: 'apps/worker/src/mail/mail.processor.js',
    edits: [
      [
        'await this.#transport.send(outgoing)',
        '{ await this.#deliveries.sent(outboxId); await this.#transport.send(outgoing); }',
      ],
    ],
  },
  'outbox-outside': {
    what: 'the outbox row is written after the commit of the seat',
  },
  'random-message-id': {
    what: 'each attempt has a Message-ID of its own',
    module: 'libs/notifications/src/outbox-mail.js',
    edits: [["messageId: row.message_id ?? ''", "messageId: crypto.randomUUID() + '@localhost'"]],
  },
  'dedupe-by-job-id': {
    what: 'nothing but the job id prevents a second sending of a message',
    module: 'libs/notifications/src/deliveries.js',
    edits: [
      [' and done_at is null)', ')'],
      ["where d.status in ('queued', 'deferred')", 'where true or d.status is null'],
      ['and (d.leased_by is null or', 'or (d.leased_by is null or'],
    ],
  },
} satisfies Record<string, Mutant>;
export type MutantName = keyof typeof mutants;

/** The source of a module with the lines of the mutant. @throws Error when a line is missing */
export function mutated(name: MutantName, url: string, source: string): string {
  const { module, edits = [] }: Mutant = mutants[name];
  if (!module || !url.endsWith(`/${module}`)) return source;
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The mutant ${name} does not find its line: ${from}`);
    return text.replace(from, to);
  }, source);
}
