/** The header on an answer that the service worker kept from an earlier time, with that time in milliseconds since 1970. */
export const KEPT_AT_HEADER = 'x-kept-at';

/** The cache of the person's own answers: emptied when a session begins or ends, and whenever the server answers that there is no session. */
export const MINE_CACHE = 'comptoir-mine';
/** The IndexedDB database of the door: lists, and check-ins to be sent (host/door-store.ts). A sign-out deletes it. */
export const DOOR_DATABASE = 'comptoir-door';
/** The cache of what everybody may see: the programme. */
export const PROGRAMME_CACHE = 'comptoir-programme';
