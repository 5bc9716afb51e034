// Loaded into a process by --import: says on SIGUSR2 how late its event loop was since the last one, as one line on standard error.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

process.on('SIGUSR2', () => {
  const ms = (nanoseconds) => Math.round(nanoseconds / 1e4) / 100;
  process.stderr.write(
    `event-loop ${JSON.stringify({ p50: ms(delays.percentile(50)), p99: ms(delays.percentile(99)), max: ms(delays.max) })}\n`,
  );
  delays.reset();
});
