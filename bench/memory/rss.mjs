import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

const EVERY_MS = 250;

/**
 * Watches the resident memory of a process while `work` runs.
 *
 * @returns {Promise<{ start: number, middle: number, end: number, peak: number }>} bytes; `peak` is the most since the process began.
 */
export async function watched(pid, work) {
  const samples = [bytes(pid, 'VmRSS')];
  const timer = setInterval(() => samples.push(bytes(pid, 'VmRSS')), EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const end = bytes(pid, 'VmRSS');
  return { start: samples[0], middle: samples[Math.floor(samples.length / 2)], end, peak: mostOf(pid) };
}

/** The most resident memory that a process has held since it began, in bytes. */
export function mostOf(pid) {
  return bytes(pid, 'VmHWM');
}

/** A figure that Linux keeps of a process (VmRSS, VmHWM), in bytes. */
export function bytes(pid, field) {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'));
  return Number(line[1]) * 1024;
}
