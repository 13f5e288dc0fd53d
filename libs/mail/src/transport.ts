import nodemailer, { type SendMailOptions } from 'nodemailer';
import { needsSmtpUtf8 } from '#text';
import { encodeMessage } from './encode-message.ts';
import { createMailServer, smtpServerOf } from './mail-server.ts';
import type { ComposedMail } from './message.ts';

/**
 * Why the mail server did not accept a message. `refused`: permanently (5xx), a retry does not help. `busy`: temporarily (4xx), or it has
 * the whole message and does not answer. `connection`: it cannot be reached, or closed the connection before it answered.
 */
export type MailErrorKind = 'refused' | 'busy' | 'connection';

/** Thrown when the mail server did not accept a message. Its text contains no e-mail address, because it is logged. */
export class MailError extends Error {
  readonly kind: MailErrorKind;
  /** Whether the server answered: it is available, and refuses. */
  readonly isAnswer: boolean;
  constructor(message: string, kind: MailErrorKind, { isAnswer = kind !== 'connection' } = {}) {
    super(message);
    this.name = 'MailError';
    this.kind = kind;
    this.isAnswer = isAnswer;
  }
}

/** A message to send, with its Message-ID. */
export interface OutgoingMail {
  /** Without angle brackets; the same in all attempts. */
  messageId: string;
  mail: ComposedMail;
}

/** Sends messages to the mail server. */
export abstract class MailTransport {
  /** Resolves when the mail server has accepted the message. @throws MailError */
  abstract send(outgoing: OutgoingMail): Promise<void>;
  /** Connects, signs in and disconnects, on a separate connection. Resolves if the server accepts the sign-in. @throws MailError */
  abstract verify(): Promise<void>;
  /**
   * Stops sending: messages that wait for a connection fail with a `connection` error. Messages with a connection are finished; with
   * `force` they fail, too.
   */
  abstract close(options?: { force: boolean }): void;
}

interface MailTransportOptions {
  /**
   * `smtps://` or `smtp://`, with user and password. `smtp` uses TLS if the server offers it; with `?requireTLS=true` nothing is sent
   * without TLS.
   */
  smtpUrl: string;
  /** The sender: `Name <address>`. */
  from: string;
  /** The maximum number of connections to the server. */
  connectionsMax?: number;
  /** The key that signs messages for a domain (RFC 6376). */
  dkim?: { domain: string; selector: string; privateKey: string };
  /** Limits of an attempt, in milliseconds: from the connection to the end of the message, and from there to the server's answer. */
  handedOverWithinMs?: number;
  answeredWithinMs?: number;
}

/** The headers that a signature covers. Mail programs offer to unsubscribe only if it covers both headers of RFC 8058. */
const SIGNED_HEADERS =
  'From:Reply-To:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Auto-Submitted:List-Unsubscribe:List-Unsubscribe-Post';

const CONNECTIONS_DEFAULT = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/** Some servers greet only after half a minute, as a defence against bulk mail. */
const GREETING_TIMEOUT_MS = 45_000;
/** The maximum wait for a connection, in milliseconds. */
const CONNECTION_WAIT_MS = 300_000;
/** The limit for a server that does not answer while it receives a message, or answers byte by byte. */
const HANDED_OVER_WITHIN_MS = 120_000;
/**
 * A server that has the whole message may have accepted it. If the client gives up before the answer, the message is sent twice. RFC 5321
 * (4.5.3.2.6) requires ten minutes.
 */
const ANSWERED_WITHIN_MS = 600_000;
/** A connection is closed after this time without a message, in milliseconds. */
const IDLE_MS = 60_000;
/** A connection is replaced after this number of messages, because servers limit them. */
const CONNECTION_MESSAGES_MAX = 1_000;

/** Opens a pool of connections to the mail server. The first message opens the first connection. */
export function createMailTransport(options: MailTransportOptions): MailTransport {
  const { from, handedOverWithinMs = HANDED_OVER_WITHIN_MS, answeredWithinMs = ANSWERED_WITHIN_MS } = options;
  // The limits of an attempt are shorter than the limit of its socket.
  const transport = openPool(options, handedOverWithinMs + answeredWithinMs);
  const server = createMailServer(options);
  return {
    async send({ messageId, mail }) {
      if (needsSmtpUtf8(mail.to.address) && (await server.offersSmtpUtf8()) === false)
        throw new MailError(
          'the mail server takes no address with letters beyond ASCII before @ (SMTPUTF8)',
          'refused',
        );
      const attempt = new AbortController();
      let isHandedOver = false;
      let timer: NodeJS.Timeout | undefined;
      const limitTo = (milliseconds: number) => {
        clearTimeout(timer);
        timer = setTimeout(() => attempt.abort(), milliseconds);
      };
      try {
        const { raw, envelope } = encodeMessage({ from, messageId, mail });
        limitTo(CONNECTION_WAIT_MS);
        const outgoing: Attempt = {
          raw,
          envelope,
          signal: attempt.signal,
          onConnection: () => limitTo(handedOverWithinMs),
          onHandedOver() {
            isHandedOver = true;
            limitTo(answeredWithinMs);
          },
        };
        await transport.sendMail(outgoing);
      } catch (error) {
        if (attempt.signal.aborted && isHandedOver) throw new MailError('no answer to the message', 'busy');
        throw mailErrorOf(error as Error, mail.to.address);
      } finally {
        clearTimeout(timer);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (error) {
        throw mailErrorOf(error as Error, from);
      }
    },
    close: (how) => transport.close(how),
  };
}

function openPool(
  { smtpUrl, connectionsMax = CONNECTIONS_DEFAULT, dkim }: MailTransportOptions,
  socketTimeout: number,
) {
  const url = new URL(smtpUrl);
  const pool = nodemailer.createTransport({
    pool: true,
    ...smtpServerOf(smtpUrl),
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    ...(dkim && {
      dkim: {
        domainName: dkim.domain,
        keySelector: dkim.selector,
        privateKey: dkim.privateKey,
        headerFieldNames: SIGNED_HEADERS,
      },
    }),
    maxConnections: connectionsMax,
    maxMessages: CONNECTION_MESSAGES_MAX,
    // The caller retries, and records each attempt, so the pool must not retry after a lost connection.
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout,
    // This option is missing in nodemailer's types.
    ...{ idleTimeout: IDLE_MS },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // A connection reads a message from its stream. The first read means that the message has a connection, the end of the stream that the
  // server has the message.
  pool.use('stream', ({ data, message }, done) => {
    const { onConnection, onHandedOver } = data as Attempt;
    const read = message.createReadStream.bind(message);
    message.createReadStream = (how) => {
      onConnection();
      return read(how).once('end', onHandedOver);
    };
    done();
  });
  return pool;
}

/** One attempt to send a message, with callbacks for its progress. */
interface Attempt extends SendMailOptions {
  onConnection(): void;
  onHandedOver(): void;
}

/**
 * The error of an attempt. An answer before the command MAIL concerns the configuration or the server, not the message, so it is a
 * `connection` error. nodemailer itself refuses a text that is not an address (EENVELOPE).
 */
function mailErrorOf(
  error: Error & { responseCode?: number; command?: string; code?: string },
  address: string,
): MailError {
  const { responseCode, command = '', code } = error;
  const message = withoutAddresses(error.message, address);
  if (command === 'API' && code === 'EENVELOPE') return new MailError(message, 'refused');
  if (!responseCode || !/^(MAIL|RCPT|DATA)/.test(command))
    return new MailError(message, 'connection', { isAnswer: responseCode !== undefined });
  return new MailError(message, responseCode >= 500 ? 'refused' : 'busy');
}

/** The maximum number of characters of a server's answer that are kept. */
const ANSWER_LENGTH_MAX = 1_000;

/**
 * Returns a server's answer without e-mail addresses, because it is logged, and logs are kept longer than the address of an unknown person.
 */
function withoutAddresses(answer: string, address: string): string {
  return answer
    .slice(0, ANSWER_LENGTH_MAX)
    .replaceAll(address, '…')
    .replaceAll(/(?:"[^"]*"|[^\s<>"()[\],;:]+)@(?:\[[^\]]*\]|[^\s<>"()[\],;:]+)/g, '…');
}
