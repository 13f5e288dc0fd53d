/** The message goes to an address that is not proved, and such mails have reached their number for this hour. */
export class OverBudget extends Error {
  /** Until there is budget again, in milliseconds. */
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('the budget of this hour is used up');
    this.name = 'OverBudget';
    this.waitMs = waitMs;
  }
}
