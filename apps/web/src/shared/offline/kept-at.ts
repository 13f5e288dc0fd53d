/** The header on an answer that the service worker kept from an earlier time, with that time in milliseconds since 1970. */
export const KEPT_AT_HEADER = 'x-kept-at';
