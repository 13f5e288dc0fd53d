import nodemailer, { type SendMailOptions } from 'nodemailer';
import { mimeOf } from './encode-message.ts';
import type { ComposedMail } from './message.ts';

/**
 * Why a message was not accepted. `refused`: for good, trying again will not help (5xx). `busy`: not now (4xx), or the whole message
 * is there and nothing is said of it. `connection`: the server cannot be reached, or went away before it answered.
 */
export type MailErrorKind = 'refused' | 'busy' | 'connection';

export class MailError extends Error {
  readonly kind: MailErrorKind;
  constructor(message: string, kind: MailErrorKind) {
    super(message);
    this.name = 'MailError';
    this.kind = kind;
  }
}

export interface OutgoingMail {
  /** Without angle brackets; the same for every attempt. */
  messageId: string;
  mail: ComposedMail;
}

export abstract class MailTransport {
  /** Resolves when the server has accepted the message. @throws MailError */
  abstract send(outgoing: OutgoingMail): Promise<void>;
  /**
   * Send nothing more: what has no connection yet fails with a `connection` fault, what is under way is finished; with `force`
   * it fails, too.
   */
  abstract close(options?: { force: boolean }): void;
}

interface MailTransportOptions {
  /** `smtp://` (TLS as soon as the server offers it; `?requireTLS=true`: or not at all) or `smtps://`, with user and password. */
  smtpUrl: string;
  from: string;
  /** How many connections are kept open. */
  connectionsMax?: number;
  /** Signs messages for a domain. */
  dkim?: { domain: string; selector: string; privateKey: string };
  /** How long a message that a connection took may take to be handed over, and then to be answered, in milliseconds. */
  handedOverWithinMs?: number;
  answeredWithinMs?: number;
}

const CONNECTIONS_DEFAULT = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/** A server that is slow to greet (a common defence against bulk mail) is waited for longer than half a minute. */
const GREETING_TIMEOUT_MS = 45_000;
/** How long a message may wait for a connection that takes it, in milliseconds: then it is another attempt's turn. */
const TAKEN_WITHIN_MS = 300_000;
/** A server that does not answer while a message is named, or answers byte by byte, is given up. */
const HANDED_OVER_WITHIN_MS = 120_000;
/**
 * Who has a whole message may have accepted it, and only its answer tells: whoever does not wait for that sends it twice. A client
 * waits for ten minutes (RFC 5321, 4.5.3.2.6).
 */
const ANSWERED_WITHIN_MS = 600_000;
/** After so long without a message, a connection is ended, in milliseconds. */
const IDLE_MS = 60_000;
/** After so many messages a connection is made anew: servers limit them. */
const CONNECTION_MESSAGES_MAX = 1_000;

/** A pool of connections to the mail server. None is opened before the first message. */
export function createMailTransport(options: MailTransportOptions): MailTransport {
  const { smtpUrl, from, connectionsMax = CONNECTIONS_DEFAULT, dkim } = options;
  const { handedOverWithinMs = HANDED_OVER_WITHIN_MS, answeredWithinMs = ANSWERED_WITHIN_MS } = options;
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const transport = nodemailer.createTransport({
    pool: true,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: url.searchParams.get('requireTLS') === 'true',
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    ...(dkim && { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
    maxConnections: connectionsMax,
    maxMessages: CONNECTION_MESSAGES_MAX,
    // Every attempt is ours, and recorded: the pool makes none by itself after a connection is lost.
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    // Each attempt has limits of its own, which come first.
    socketTimeout: handedOverWithinMs + answeredWithinMs,
    // Nodemailer's types do not know of it.
    ...{ idleTimeout: IDLE_MS },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // A message is read from its beginning when a connection takes it, and to its end when the server has let it in.
  transport.use('stream', ({ data, message }, done) => {
    const { onTaken, onHandedOver } = data as Attempt;
    const read = message.createReadStream.bind(message);
    message.createReadStream = (how) => {
      onTaken();
      return read(how).once('end', onHandedOver);
    };
    done();
  });
  return {
    async send({ messageId, mail }) {
      const attempt = new AbortController();
      let isHandedOver = false;
      let timer: NodeJS.Timeout | undefined;
      const goOnFor = (milliseconds: number) => {
        clearTimeout(timer);
        timer = setTimeout(() => attempt.abort(), milliseconds);
      };
      try {
        const { raw, envelope } = mimeOf({ from, messageId, mail });
        goOnFor(TAKEN_WITHIN_MS);
        const outgoing: Attempt = {
          raw,
          envelope,
          signal: attempt.signal,
          onTaken: () => goOnFor(handedOverWithinMs),
          onHandedOver() {
            isHandedOver = true;
            goOnFor(answeredWithinMs);
          },
        };
        await transport.sendMail(outgoing);
      } catch (error) {
        if (attempt.signal.aborted && isHandedOver) throw new MailError('no answer to the message', 'busy');
        throw faultOf(error as Error, mail.to.address);
      } finally {
        clearTimeout(timer);
      }
    },
    close: (how) => transport.close(how),
  };
}

/** A message on its way, and what is told of it there. */
interface Attempt extends SendMailOptions {
  onTaken(): void;
  onHandedOver(): void;
}

/**
 * What is answered before a message is named is about us or the server, not about the message: that is mended, and it is sent
 * then. An address that cannot be written to at all is refused without asking anybody.
 */
function faultOf(
  error: Error & { responseCode?: number; command?: string; code?: string },
  address: string,
): MailError {
  const { responseCode, command = '', code } = error;
  const message = withoutAddresses(error.message, address);
  if (command === 'API' && code === 'EENVELOPE') return new MailError(message, 'refused');
  if (!responseCode || !/^(MAIL|RCPT|DATA)/.test(command)) return new MailError(message, 'connection');
  return new MailError(message, responseCode >= 500 ? 'refused' : 'busy');
}

/** The most of a server's words that is looked at, in characters. */
const WORDS_MAX = 1_000;

/** A server's words without the addresses that it names: they are logged, and kept longer than the address of somebody whom we do not know. */
function withoutAddresses(words: string, address: string): string {
  return words
    .slice(0, WORDS_MAX)
    .replaceAll(address, '…')
    .replaceAll(/(?:"[^"]*"|[^\s<>"()[\],;:]+)@(?:\[[^\]]*\]|[^\s<>"()[\],;:]+)/g, '…');
}
