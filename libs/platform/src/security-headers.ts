import type { Configuration } from './configuration.ts';

/** How long a browser uses only https for an installation on https, in seconds: a year. */
const HTTPS_SECONDS = 365 * 24 * 60 * 60;

/**
 * The security headers of every answer. Pages have their own policy. Other answers may not run scripts, be framed, or be interpreted as
 * another type of file.
 */
export function securityHeaders({ PUBLIC_URL }: Pick<Configuration, 'PUBLIC_URL'>): Record<string, string> {
  return {
    'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(PUBLIC_URL.startsWith('https:') && { 'strict-transport-security': `max-age=${HTTPS_SECONDS}` }),
  };
}
