/** The places in a task's life where a process can be made to end itself, in the order in which a task passes them. */
export const FAIL_POINTS = [
  'before_row_commit',
  'after_row_commit',
  'before_confirm',
  'before_claim',
  'after_claim',
  'mid_effect',
  'after_effect',
  'before_settle',
  'after_settle_before_ack',
  'after_settle_before_callback',
  'after_callback_2xx_before_mark',
  'archive_part_stored',
  'archive_part_noted',
  'archive_manifest_stored',
  'archive_verified',
  'archive_chunk_deleted',
  'restore_asked',
  'restore_chunk_inserted',
] as const;
export type FailPoint = (typeof FAIL_POINTS)[number];

/** Defects that can be built in, to see whether the fault suite finds them. */
export const SEEDED_BUGS = ['no_fencing', 'no_sweeper', 'ack_before_settle', 'answer_before_commit'] as const;
export type SeededBug = (typeof SEEDED_BUGS)[number];

/** One armed fail point: `[stop@]name[:probability | #occurrence]`. */
export const ARMED_FAIL_POINT = new RegExp(
  `^(?<action>stop@)?(?<name>${FAIL_POINTS.join('|')})(?::(?<probability>0?\\.\\d+|[01])|#(?<occurrence>[1-9]\\d*))?$`,
);

/** A comma-separated list whose parts all match; empty is a list too. */
export function listOf(part: RegExp): RegExp {
  const source = part.source.replaceAll(/\?<\w+>/g, '').replaceAll(/^\^|\$$/g, '');
  return new RegExp(`^$|^(?:${source})(?:,(?:${source}))*$`);
}
