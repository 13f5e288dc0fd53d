// Preloaded into a process. Makes its clock wrong by CLOCK_WRONG_MINUTES.
const wrongBy = Number(process.env.CLOCK_WRONG_MINUTES) * 60_000;
const RightDate = Date;
globalThis.Date = class extends RightDate {
  constructor(...parts) {
    if (parts.length === 0) super(RightDate.now() + wrongBy);
    else super(...parts);
  }

  static now() {
    return RightDate.now() + wrongBy;
  }
};
