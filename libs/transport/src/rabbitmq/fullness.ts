/** How much of an average the next message may change. */
const WEIGHT = 0.1;

/** How many announcements messages carry these days: the broker counts messages, the slots count tasks. */
export class Fullness {
  private average = 1;

  note(announcements: number): void {
    this.average += (announcements - this.average) * WEIGHT;
  }

  /** How many messages to ask for to get about so many announcements; 0 only for none. */
  messagesFor(announcements: number): number {
    // In powers of two, because it costs something to ask for another number.
    return Math.ceil(announcements / 2 ** Math.round(Math.log2(this.average)));
  }
}
