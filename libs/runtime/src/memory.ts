import { setFlagsFromString } from 'node:v8';

/**
 * How much the heap of long-lived objects may grow between two collections, in percent. V8 decides by the memory of the machine, and lets 40 MB
 * of live objects grow to 170 MB where there is much: more than a process of many on a small machine should hold.
 */
const GROWTH_PERCENT = 100;

/** Keeps the memory of this process near to what it needs. To be called before it does anything. */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
