import net from 'node:net';

/** The point at which a sink may refuse a message: at its recipient, or after reading the message. */
interface Refusal {
  at: 'recipient' | 'end';
  /** 4xx: temporarily; 5xx: for good. */
  code: number;
}

/** The behaviour of a sink. The values are read for each message, so they may change at any time. */
interface SinkBehaviour {
  /** How long a new connection waits for its greeting, in milliseconds. */
  greetingDelayMs?: number;
  /** Whether it offers SMTPUTF8 (RFC 6531). */
  smtpUtf8?: boolean;
  /** How long each command waits for its answer, in milliseconds. */
  commandDelayMs?: number;
  /** Returns the refusal of a message, if any; `to` is the recipient of the envelope. */
  refuse?: (to: string) => Refusal | undefined;
  /** How long each message waits for its answer, in milliseconds. The message counts as accepted when it is answered. */
  answerDelayMs?: number;
  /** How long an accepted and counted message waits for its answer, in milliseconds. */
  answerLateMs?: number;
  /** Whether to close the connection instead of answering a message that was read. The message is not accepted and not counted. */
  hangUp?: () => boolean;
}

/** An SMTP server that accepts messages and stores only their Message-IDs, at the lowest possible cost. */
export interface SmtpSink {
  url: string;
  port: number;
  behaviour: SinkBehaviour;
  /** Message-ID (without brackets) → the number of accepted messages with that id. */
  accepted: Map<string, number>;
  /** The first messages as they arrived, in the requested number. */
  sources: Buffer[];
  /** The number of accepted messages. */
  count(): number;
  /** Called after each accepted message. */
  onAccepted?: () => void;
  /** Closes every connection at once. */
  hangUpAll(): void;
  stop(): Promise<void>;
}

const END_OF_DATA = Buffer.from('\r\n.\r\n');

/** Starts a sink on 127.0.0.1, on the given port or a free one. */
export async function startSmtpSink(options: { port?: number; sourcesMax?: number } = {}): Promise<SmtpSink> {
  const { port = 0, sourcesMax = 0 } = options;
  const accepted = new Map<string, number>();
  const sockets = new Set<net.Socket>();
  let count = 0;

  /** Decides about one message that was read to its end. Returns the answer; returns nothing to close the connection. */
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
      // The end mark of a message may be split between two chunks, so the last bytes of the previous chunk are searched too.
      const tail = Buffer.concat(chunks.slice(-3));
      if (inData) {
        if (tail.subarray(-END_OF_DATA.length).equals(END_OF_DATA)) {
          const data = Buffer.concat(chunks);
          chunks = [];
          inData = false;
          const end = () => {
            // The client left before the answer, so the message was not accepted.
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
