/** Seats in a person's calendar: iCalendar files and feeds (RFC 5545), and links that open a web calendar. */
export { type CalendarEntry, type CalendarMethod, calendarEntry, calendarFeed } from './calendar.ts';
export { webCalendarLinks } from './web-calendar-links.ts';
