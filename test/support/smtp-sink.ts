import net from 'node:net';

/** Where a sink may refuse a message: at its recipient, or after it was read. */
interface Refusal {
  at: 'recipient' | 'end';
  /** 4xx for now, 5xx for good. */
  code: number;
}

/** How a sink behaves. Each is asked anew, so it may change at any time. */
interface SinkBehaviour {
  /** How long a new connection waits for its greeting, in milliseconds. */
  greetingDelayMs?: number;
  /** Whether it offers SMTPUTF8 (RFC 6531). */
  smtpUtf8?: boolean;
  /** How long each command waits for its answer, in milliseconds. */
  commandDelayMs?: number;
  /** What to refuse; `to` is the envelope's recipient. */
  refuse?: (to: string) => Refusal | undefined;
  /** How long each message waits for its answer, in milliseconds; it counts as accepted when it is answered. */
  answerDelayMs?: number;
  /** How long a message that was accepted, and is counted, waits for its answer, in milliseconds. */
  answerLateMs?: number;
  /** Hang up instead of answering a message that was read. It was not accepted, so it is not counted. */
  hangUp?: () => boolean;
}

/** An SMTP server that takes messages, keeps their Message-IDs and nothing else: as cheap as one can be. */
export interface SmtpSink {
  url: string;
  port: number;
  behaviour: SinkBehaviour;
  /** Message-ID (without brackets) → how often a message of that id was accepted. */
  accepted: Map<string, number>;
  /** The first messages as they came, as many as were asked for. */
  sources: Buffer[];
  /** How many messages were accepted. */
  count(): number;
  /** Called after each message that is accepted. */
  onAccepted?: () => void;
  /** End every connection, in the middle of whatever it is. */
  hangUpAll(): void;
  stop(): Promise<void>;
}

const END_OF_DATA = Buffer.from('\r\n.\r\n');

/** Start a sink on 127.0.0.1, on any free port unless one is named. */
export async function startSmtpSink(options: { port?: number; sourcesMax?: number } = {}): Promise<SmtpSink> {
  const { port = 0, sourcesMax = 0 } = options;
  const accepted = new Map<string, number>();
  const sockets = new Set<net.Socket>();
  let count = 0;

  /** Decide about one message that was read to its end; what is to be answered, or nothing: hang up. */
  function take(to: string, data: Buffer): string | undefined {
    if (sink.behaviour.hangUp?.()) return undefined;
    const refusal = sink.behaviour.refuse?.(to);
    if (refusal?.at === 'end') return `${refusal.code} refused\r\n`;
    const head = data.subarray(0, data.indexOf('\r\n\r\n')).toString('latin1');
    const id = /^message-id:\s*<([^>]+)>/im.exec(head)?.[1] ?? '';
    accepted.set(id, (accepted.get(id) ?? 0) + 1);
    count++;
    if (sink.sources.length < sourcesMax) sink.sources.push(data.subarray(0, -END_OF_DATA.length));
    sink.onAccepted?.();
    return '250 taken\r\n';
  }

  function answer(line: string, envelope: { to: string }): string {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO')
      return sink.behaviour.smtpUtf8 ? '250-sink\r\n250 SMTPUTF8\r\n' : '250 sink\r\n';
    if (verb === 'RCPT') {
      envelope.to = /<([^>]*)>/.exec(line)?.[1] ?? '';
      const refusal = sink.behaviour.refuse?.(envelope.to);
      return refusal?.at === 'recipient' ? `${refusal.code} no such mailbox\r\n` : '250 ok\r\n';
    }
    if (verb === 'DATA') return '354 go on\r\n';
    if (verb === 'QUIT') return '221 bye\r\n';
    return '250 ok\r\n';
  }

  function serve(socket: net.Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    const envelope = { to: '' };
    let chunks: Buffer[] = [];
    let inData = false;
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      // The end of a message may be cut in two, so the last bytes before this chunk are looked at, too.
      const tail = Buffer.concat(chunks.slice(-3));
      if (inData) {
        if (tail.subarray(-END_OF_DATA.length).equals(END_OF_DATA)) {
          const data = Buffer.concat(chunks);
          chunks = [];
          inData = false;
          const end = () => {
            // Whoever went away meanwhile has no answer, so nothing was accepted.
            if (socket.destroyed || socket.readableEnded) return;
            const reply = take(envelope.to, data);
            const { answerLateMs } = sink.behaviour;
            if (!reply) socket.destroy();
            else if (answerLateMs) setTimeout(() => socket.write(reply), answerLateMs).unref();
            else socket.write(reply);
          };
          const delayMs = sink.behaviour.answerDelayMs;
          if (delayMs) setTimeout(end, delayMs);
          else end();
        }
        return;
      }
      if (!tail.subarray(-2).equals(END_OF_DATA.subarray(0, 2))) return;
      const lines = Buffer.concat(chunks).toString('latin1').split('\r\n').slice(0, -1);
      chunks = [];
      let replies = '';
      for (const line of lines) {
        const reply = answer(line, envelope);
        if (reply.startsWith('354')) inData = true;
        replies += reply;
      }
      const delayMs = sink.behaviour.commandDelayMs;
      if (delayMs) setTimeout(() => socket.write(replies), delayMs).unref();
      else socket.write(replies);
      if (replies.startsWith('221')) socket.end();
    });
    const greet = () => !socket.destroyed && socket.write('220 sink ESMTP\r\n');
    const delayMs = sink.behaviour.greetingDelayMs;
    if (delayMs) setTimeout(greet, delayMs);
    else greet();
  }

  const server = net.createServer(serve);
  const sink: SmtpSink = {
    url: '',
    port,
    behaviour: {},
    accepted,
    sources: [],
    count: () => count,
    hangUpAll() {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      sink.hangUpAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  sink.port = (server.address() as net.AddressInfo).port;
  sink.url = `smtp://127.0.0.1:${sink.port}`;
  return sink;
}
