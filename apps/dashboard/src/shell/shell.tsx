import { useState, type ReactNode } from 'react';
import { Menu, ShieldAlert } from 'lucide-react';
import type { Session } from '../api/service-types';
import { IconButton } from '../ui/button';
import { Toasts } from '../ui/toasts';
import { Actions, RunningActions } from './actions';
import { Connection } from './connection';
import { GlobalKeys } from './global-keys';
import { Brand, Sidebar } from './sidebar';

/** What is around every page. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Actions>
      <Toasts beside={<RunningActions />}>
        <div className="app">
          <header className="topbar">
            <Brand />
            <IconButton look="quiet" label="Menu" aria-expanded={open} onClick={() => setOpen(true)}>
              <Menu aria-hidden />
            </IconButton>
          </header>
          <Sidebar session={session} open={open} onClose={() => setOpen(false)} />
          <main className="main">
            {session.banner !== null && (
              <p className="banner">
                <ShieldAlert aria-hidden />
                {session.banner}
              </p>
            )}
            <Connection />
            {children}
          </main>
        </div>
        <GlobalKeys />
      </Toasts>
    </Actions>
  );
}
