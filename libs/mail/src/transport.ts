import nodemailer from 'nodemailer';
import type { ComposedMail } from './message.ts';
import { mimeOf } from './mime.ts';

/**
 * Why a message was not accepted. `refused`: for good, trying again will not help (5xx). `busy`: not now (4xx).
 * `connection`: the server cannot be reached, or went away before it answered.
 */
export type MailFaultKind = 'refused' | 'busy' | 'connection';

export class MailFault extends Error {
  readonly kind: MailFaultKind;
  constructor(message: string, kind: MailFaultKind) {
    super(message);
    this.name = 'MailFault';
    this.kind = kind;
  }
}

export interface OutgoingMail {
  to: { name: string; address: string };
  /** Without angle brackets; the same for every attempt. */
  messageId: string;
  mail: ComposedMail;
}

export interface MailTransport {
  /** Resolves when the server has accepted the message. @throws MailFault */
  send(outgoing: OutgoingMail): Promise<void>;
  /**
   * Send nothing more: what has no connection yet fails with a `connection` fault, what is under way is finished; with `force`
   * it fails, too.
   */
  close(options?: { force: boolean }): void;
}

interface MailTransportOptions {
  /** `smtp://` (TLS as soon as the server offers it; `?requireTLS=true`: or not at all) or `smtps://`, with user and password. */
  smtpUrl: string;
  from: string;
  /** How many connections are kept open. */
  connectionsMax?: number;
  /** Signs messages for a domain. */
  dkim?: { domain: string; selector: string; privateKey: string };
}

const CONNECTIONS_DEFAULT = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/** A server that is slow to greet (a common defence against bulk mail) is waited for longer than half a minute. */
const GREETING_TIMEOUT_MS = 45_000;
const SOCKET_TIMEOUT_MS = 60_000;
/** The longest that one attempt may take, in milliseconds: a server that answers byte by byte is given up. */
const ATTEMPT_WITHIN_MS = 300_000;
/** After so many messages a connection is made anew: servers limit them. */
const CONNECTION_MESSAGES_MAX = 1_000;

/** A pool of connections to the mail server. None is opened before the first message. */
export function createMailTransport(options: MailTransportOptions): MailTransport {
  const { smtpUrl, from, connectionsMax = CONNECTIONS_DEFAULT, dkim } = options;
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
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, messageId, mail }) {
      try {
        const { raw, envelope } = mimeOf({ from, to, messageId, mail });
        await transport.sendMail({ raw, envelope, signal: AbortSignal.timeout(ATTEMPT_WITHIN_MS) });
      } catch (error) {
        throw faultOf(error as Error, to.address);
      }
    },
    close: (how) => transport.close(how),
  };
}

/**
 * What is answered before a message is named is about us or the server, not about the message: that is mended, and it is sent
 * then. An address that cannot be written to at all is refused without asking anybody.
 */
function faultOf(
  error: Error & { responseCode?: number; command?: string; code?: string },
  address: string,
): MailFault {
  const { responseCode, command = '', code } = error;
  const message = withoutAddresses(error.message, address);
  if (command === 'API' && code === 'EENVELOPE') return new MailFault(message, 'refused');
  if (!responseCode || !/^(MAIL|RCPT|DATA)/.test(command)) return new MailFault(message, 'connection');
  return new MailFault(message, responseCode >= 500 ? 'refused' : 'busy');
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
