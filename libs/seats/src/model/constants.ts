/**
 * The constants that both the SQL and the model use. Each is a function in libs/seats/sql/constants, which returns an interval or a number;
 * constants.spec.ts compares both. Durations here are in minutes, as everywhere in the model.
 */
export const seatConstants = {
  /** A Café that starts within this time is near: a freed seat is offered, not given. */
  seats_near_start: 120,
  /** The validity of an offer in a near Café. */
  seats_near_offer: 10,
  /** The longest validity of an offer in another Café. */
  seats_far_offer: 240,
  /** How long a guest's seat from the waitlist is held, and how long a guest may prove an address to get a free seat. */
  guest_prove_time: 10,
  /** How long a claim token shows the result of a proved guest registration. */
  guest_outcome_time: 60,
  /** How long a pending change can be undone. */
  seats_undo_window: 10 / 60,
  /** The longest duration of a Café, in minutes. */
  cafe_duration_max: 24 * 60,
  /** The most seats that are held for guests of one mailbox. */
  mailbox_holds_max: 3,
  /** The most open guest registrations of one delegate in one event. */
  delegate_guests_max: 20,
  /** How many places of a waitlist are read beyond the free seats. The model reads all. */
  waitlist_look_ahead: 20,
};
