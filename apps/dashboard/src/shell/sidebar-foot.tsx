import { useQueryClient } from '@tanstack/react-query';
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { send } from '../api/client';
import type { Session } from '../api/service-types';
import type { FeedState } from '../live/feed';
import { useLiveState } from '../live/live';
import { IconButton } from '../ui/button';
import { Segments } from '../ui/segments';
import { useTheme } from './theme';

const THEMES = [
  { value: 'system', label: <Monitor aria-hidden />, name: 'Theme of the system' },
  { value: 'light', label: <Sun aria-hidden />, name: 'Light theme' },
  { value: 'dark', label: <Moon aria-hidden />, name: 'Dark theme' },
] as const;

const LIVE: Record<FeedState, [dot: string, text: string]> = {
  connecting: ['', 'Connecting…'],
  live: ['live-on', 'Live'],
  waiting: ['live-waiting', 'Polling, reconnecting…'],
};

/** How the page is connected, how it looks, and who looks at it. */
export function SidebarFoot({ session }: { session: Session }) {
  const [theme, setTheme] = useTheme();
  const [dot, text] = LIVE[useLiveState()];
  return (
    <div className="sidebar-foot" onClick={(event) => event.stopPropagation()}>
      <p className="live">
        <span className={`live-dot ${dot}`} />
        {text}
      </p>
      {session.user && <Person name={session.user.name} role={session.user.role} />}
      <Segments label="Theme" options={THEMES} value={theme} onChange={setTheme} />
    </div>
  );
}

function Person({ name, role }: { name: string; role: string }) {
  const client = useQueryClient();
  const leave = async () => {
    await send('DELETE', '/api/session');
    client.clear();
    window.location.assign('/');
  };
  return (
    <div className="row spread person">
      <div className="clip">
        <p className="clip">{name}</p>
        <p className="faint small">{role}</p>
      </div>
      <IconButton small look="quiet" label="Log out" onClick={() => void leave()}>
        <LogOut aria-hidden />
      </IconButton>
    </div>
  );
}
