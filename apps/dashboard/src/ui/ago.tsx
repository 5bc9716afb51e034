import { useNow } from './clock';
import { agoText, instantText } from './time';

/** An instant as "3m ago", exact on hovering. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={instantText(at)} className="num nowrap">
      {agoText(at, now)}
    </time>
  );
}
