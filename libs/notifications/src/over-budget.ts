/** The message is to an address that is not proved, and the budget of such mails for this hour is used up. */
export class OverBudget extends Error {
  /** The time until there is budget again, in milliseconds. */
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('the budget of this hour is used up');
    this.name = 'OverBudget';
    this.waitMs = waitMs;
  }
}
