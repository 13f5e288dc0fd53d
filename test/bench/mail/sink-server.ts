import { startSmtpSink } from '../../support/smtp-sink.ts';

/** What the bench asks of its sink: to say when it has accepted so many messages since it was asked last; or for the first messages. */
export type SinkAsk = { accepted: number } | { sources: true };
/** `at` in milliseconds since 1970. */
export type SinkTells = { port: number } | { at: number } | { sources: string[] };

const SOURCES_MAX = 100;

/** The mail server of the bench, in a process of its own. */
const sink = await startSmtpSink({ sourcesMax: SOURCES_MAX });
const tell = (what: SinkTells) => process.send?.(what);
let since = 0;
let wanted = Number.POSITIVE_INFINITY;

function look(): void {
  if (sink.count() - since < wanted) return;
  since += wanted;
  wanted = Number.POSITIVE_INFINITY;
  tell({ at: performance.timeOrigin + performance.now() });
}

sink.onAccepted = look;
process.on('message', (ask: SinkAsk) => {
  if ('sources' in ask) {
    tell({ sources: sink.sources.map((source) => source.toString('base64')) });
    return;
  }
  wanted = ask.accepted;
  look();
});
process.on('disconnect', () => process.exit(0));
tell({ port: sink.port });
