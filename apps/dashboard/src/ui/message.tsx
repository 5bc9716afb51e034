import type { ReactNode } from 'react';
import { CircleAlert, Inbox, WifiOff } from 'lucide-react';
import { Refused, Unreachable } from '../api/client';
import { Button } from './button';

/** There is nothing to show, and why. */
export function Empty({ title, children, icon }: { title: string; children?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="message">
      {icon ?? <Inbox aria-hidden />}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** It could not be read, and what to do. */
export function Failed({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const requestId = error instanceof Refused ? error.requestId : undefined;
  return (
    <div className="message failed" role="alert">
      {error instanceof Unreachable ? <WifiOff aria-hidden /> : <CircleAlert aria-hidden />}
      <h2>{titleOf(error)}</h2>
      <p>{error.message}</p>
      {requestId !== undefined && <p className="faint small mono">{requestId}</p>}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** Something is on its way. */
export function Loading({ lines = 6 }: { lines?: number }) {
  return (
    <div className="stack card-body" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton" style={{ width: `${92 - ((index * 17) % 45)}%` }} />
      ))}
    </div>
  );
}

function titleOf(error: Error): string {
  if (error instanceof Unreachable) return 'No connection';
  if (!(error instanceof Refused)) return 'Something went wrong';
  if (error.status === 404) return 'Not found';
  return error.status === 403 || error.status === 401 ? 'Not allowed' : 'The server refused';
}
