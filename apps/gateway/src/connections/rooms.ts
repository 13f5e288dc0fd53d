/** The names of the socket.io rooms. A room contains the connections that watch the same thing. */
export const roomRoom = (roomId: string) => `room:${roomId}`;
export const eventRoom = (eventId: string) => `event:${eventId}`;
export const attendanceRoom = (cafeId: string) => `attendance:${cafeId}`;
export const dashboardRoom = (eventId: string) => `dashboard:${eventId}`;
/** All connections of an attendee. */
export const attendeeRoom = (attendeeId: string) => `attendee:${attendeeId}`;
