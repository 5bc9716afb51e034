/** How far something is, from 0 to 1. */
export function Bar({ share, label, look = '' }: { share: number; label: string; look?: 'done' | 'failed' | '' }) {
  const percent = Math.round(Math.min(Math.max(share, 0), 1) * 100);
  return (
    <div
      className={`bar ${look}`}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}
