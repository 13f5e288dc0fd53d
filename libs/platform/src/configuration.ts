import * as z from 'zod';
import { injectable } from './injectable.ts';
import { ConfigurationError, withSecrets } from './secrets.ts';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65535).default(fallback);
const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `must be a URL with ${protocols.join(' or ')}://`,
  });
/**
 * The address of an app for browsers: a scheme, a host name and optionally a port. Pages, cookies and links of the product begin at `/`.
 */
const origin = url('http', 'https').refine((text) => {
  if (!URL.canParse(text)) return false;
  const { pathname, search, hash, username } = new URL(text);
  return /^\/*$/.test(pathname) && search + hash + username === '';
}, 'must be a scheme and a host name alone, such as https://cafes.example.org: the product does not run below a path');
/** 1 or 0. */
const flag = z.enum(['0', '1'], 'must be 1 or 0').default('0');

/**
 * The environment variables of the apps, with their bounds. The last word of a name is its unit. `secretVariables` may be read from files.
 */
export const Environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  PORT: port(3000),
  GATEWAY_PORT: port(3001),
  WORKER_PORT: port(3002),
  /** The address of the interface on which an app listens. */
  HOST: z.string().default('127.0.0.1'),
  /** The port of `/metrics`; 0: any free port. `runApp` sets a default for each app. If it is unset, no metrics are served. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** The address of the interface on which metrics are served. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: url('postgres', 'postgresql'),
  /**
   * The address of the Postgres server itself, if `DATABASE_URL` is the address of a connection pooler. For sessions that listen or hold
   * locks.
   */
  DATABASE_DIRECT_URL: url('postgres', 'postgresql').optional(),
  DATABASE_CONNECTIONS_MAX: z.coerce.number().int().min(2).max(100).default(8),
  REDIS_URL: url('redis', 'rediss'),
  SMTP_URL: url('smtp', 'smtps'),
  /** Signs cookies, tickets, codes and links. At least 32 characters. A new value makes all of them invalid. */
  APP_SECRET: z.string().min(32),
  /**
   * The numbers of the ticket keys whose tickets are valid. The first key signs new tickets. 0 is the key without a number of older
   * tickets.
   */
  TICKET_KEYS: z
    .string()
    .regex(/^[1-9]\d{0,2}(,\d{1,3})*$/, 'must be numbers from 1 to 255 with commas; 0 only after the first')
    .default('1,0')
    .transform((text) => text.split(',').map(Number) as [number, ...number[]])
    .refine((keys) => keys.every((key) => key <= 255), 'must be numbers of at most 255'),
  /** The address of the pages for browsers. Links in mails start with it. */
  PUBLIC_URL: origin.optional(),
  /**
   * The address of the gateway for browsers. If it is unset: `PUBLIC_URL` if that is https, because a proxy then serves both under one
   * name.
   */
  GATEWAY_URL: origin.optional(),
  MAIL_FROM: z.string().default('Comptoir <comptoir@localhost>'),
  /** 1: the worker sends no mail. Mails stay in the outbox. */
  MAIL_OFF: flag,
  /** A name of this installation. If a copy of its database runs under another name, it sends no mail until the operator confirms it. */
  INSTALLATION: z.string().max(200).default(''),
  /** The number of connections to the mail server that one worker keeps open. */
  MAIL_CONNECTIONS_MAX: z.coerce.number().int().min(1).max(100).default(8),
  /** The maximum number of messages that all workers together start to send in a second; 0: no limit. */
  MAIL_RATE_PER_SECOND_MAX: z.coerce.number().int().min(0).max(10_000).default(0),
  /** The private key (PEM) that signs messages for the domain of `MAIL_FROM` (DKIM). */
  MAIL_DKIM_KEY: z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine((text) => text.includes('PRIVATE KEY'), 'must be a private key in PEM')
    .optional(),
  MAIL_DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be a DNS label')
    .default('comptoir'),
  /** How long a seat of a guest registration is held. */
  HOLD_TTL_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .default(30),
  /** The number of trusted reverse proxies in front of the apps. This number of entries at the end of `X-Forwarded-For` is trusted. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  /** The maximum number of live connections of one gateway, and of one address. A whole venue may share one address. */
  SOCKETS_MAX: z.coerce.number().int().min(1).max(100_000).default(15_000),
  SOCKETS_PER_ADDRESS_MAX: z.coerce.number().int().min(1).max(100_000).default(5_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

type Parsed = z.infer<typeof Environment>;
interface Values extends Omit<Parsed, 'PUBLIC_URL' | 'GATEWAY_URL' | 'DATABASE_DIRECT_URL' | 'MAIL_OFF'> {
  PUBLIC_URL: string;
  GATEWAY_URL: string;
  DATABASE_DIRECT_URL: string;
  MAIL_OFF: boolean;
}

/**
 * The parsed environment. `PUBLIC_URL`, `GATEWAY_URL` and `DATABASE_DIRECT_URL` are always set; the first two have no slash at the end. It
 * is an abstract class, so that Nest can inject it by class.
 */
export abstract class Configuration extends injectable<Values>() {}

/**
 * Parses the environment. An app calls it once, at its start.
 * @throws ConfigurationError
 */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const set = Object.fromEntries(Object.entries(withSecrets(environment)).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigurationError(`The environment is not right: ${errors.join('; ')}`);
  }
  const { PUBLIC_URL, GATEWAY_URL, DATABASE_DIRECT_URL, MAIL_OFF, ...rest } = parsed.data;
  const publicUrl = (PUBLIC_URL ?? `http://localhost:${rest.PORT}`).replace(/\/+$/, '');
  const ownGateway = publicUrl.startsWith('https:') ? publicUrl : `http://localhost:${rest.GATEWAY_PORT}`;
  return {
    ...rest,
    PUBLIC_URL: publicUrl,
    GATEWAY_URL: (GATEWAY_URL ?? ownGateway).replace(/\/+$/, ''),
    DATABASE_DIRECT_URL: DATABASE_DIRECT_URL ?? rest.DATABASE_URL,
    MAIL_OFF: MAIL_OFF === '1',
  };
}
