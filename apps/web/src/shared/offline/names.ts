/** The header of a kept answer, with the time at which it was stored, in milliseconds since 1970. */
export const KEPT_AT_HEADER = 'x-kept-at';

/** The cache of the signed-in person's answers. It is deleted when a session begins or ends, and when the server answers that there is no session. */
export const MINE_CACHE = 'comptoir-mine';
/** The IndexedDB database of the door: lists, and check-ins to be sent (host/door-store.ts). A sign-out deletes it. */
export const DOOR_DATABASE = 'comptoir-door';
/** The cache of public answers: the programme. */
export const PROGRAMME_CACHE = 'comptoir-programme';
