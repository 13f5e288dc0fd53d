import { startSmtpSink } from '../../support/smtp-sink.ts';

/** A command to the sink: to report when it has accepted a number of messages since the last command, or to return the first messages. */
export type SinkOrder = { accepted: number } | { sources: true };
/** An answer of the sink; `at` in milliseconds since 1970. */
export type SinkAnswer = { port: number } | { at: number } | { sources: string[] };

const SOURCES_MAX = 100;

/** The mail server of the bench, in a separate process. */
const sink = await startSmtpSink({ sourcesMax: SOURCES_MAX });
const answer = (what: SinkAnswer) => process.send?.(what);
let since = 0;
let wanted = Number.POSITIVE_INFINITY;

function report(): void {
  if (sink.count() - since < wanted) return;
  since += wanted;
  wanted = Number.POSITIVE_INFINITY;
  answer({ at: performance.timeOrigin + performance.now() });
}

sink.onAccepted = report;
process.on('message', (ask: SinkOrder) => {
  if ('sources' in ask) {
    answer({ sources: sink.sources.map((source) => source.toString('base64')) });
    return;
  }
  wanted = ask.accepted;
  report();
});
process.on('disconnect', () => process.exit(0));
answer({ port: sink.port });
