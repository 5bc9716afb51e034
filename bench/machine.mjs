import { cpus, totalmem } from 'node:os';

/** One line on what the figures were measured with. */
export function machine() {
  return `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}
