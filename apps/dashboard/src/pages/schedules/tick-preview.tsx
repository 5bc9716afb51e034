import { instantText } from '../../ui/time';
import { nextTicks } from './ticks';

const TICKS = 3;

/** When an expression would tick, in the reader's own time. */
export function TickPreview({ cron, timeZone }: { cron: string; timeZone: string }) {
  const ticks = nextTicks(cron, timeZone, TICKS);
  return (
    <p className="notice small" aria-live="polite">
      {'mistake' in ticks
        ? `This ${ticks.mistake}.`
        : ticks.at.length === 0
          ? 'It never ticks.'
          : `Next, in your time: ${ticks.at.map(instantText).join('; ')}`}
    </p>
  );
}
