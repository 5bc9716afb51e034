/** Lets one process at a time have a duty. */
export abstract class DutyStore {
  /** True if the duty is the holder's for the next `ms`: it was free, or the holder's already. */
  abstract take(name: string, holder: string, ms: number): Promise<boolean>;
}
