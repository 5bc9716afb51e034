/**
 * The settings under which faults are watched: as quick as they may be, in about the proportions of the defaults. The heartbeat is short
 * enough that the broker gives up a silent worker before its leases end; else it would hand it the tasks that others should have.
 */
export const QUICK_REPAIR = { LEASE_SECONDS: 6, SWEEP_SECONDS: 1, AMQP_HEARTBEAT_SECONDS: 2 };

/** Within which time what must be over again, in milliseconds, under these settings. */
const LEASE_MS = QUICK_REPAIR.LEASE_SECONDS * 1_000;
const SWEEP_MS = QUICK_REPAIR.SWEEP_SECONDS * 1_000;
const RECONNECT_MS = 5_000;
/** For what no part of Taskwell decides: the machine, and the task itself. */
const MARGIN_MS = 2_000;

/** A worker went away: its lease runs out and the sweeper finds it. */
export const LEASE_AND_SWEEP_MS = LEASE_MS + SWEEP_MS + MARGIN_MS;

/** A row was committed and its first announcement lost: it is due again 10 s after the insert. */
export const FIRST_ANNOUNCEMENT_LOST_MS = 10_000 + SWEEP_MS + MARGIN_MS;

/**
 * Also a repeated announcement can be lost: it is due again 30 s later. The invariant's R with its defaults is 40 s.
 *
 * @public
 */
export const R_MS = 30_000 + SWEEP_MS + RECONNECT_MS + MARGIN_MS;

/** The broker is there again and nothing in it was lost: everybody reconnects. */
export const RECONNECT_BOUND_MS = RECONNECT_MS + LEASE_AND_SWEEP_MS;
