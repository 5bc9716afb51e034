import { Activity, CalendarClock, Cpu, FileUp, KeyRound, Layers, ListChecks, Plus, X, BookOpen } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { Session } from '../api/service-types';
import { IconButton } from '../ui/button';
import { SidebarFoot } from './sidebar-foot';

const GROUPS = [
  {
    title: 'Work',
    links: [
      { href: '/', text: 'Overview', icon: Activity },
      { href: '/tasks', text: 'Tasks', icon: ListChecks },
      { href: '/files', text: 'Files', icon: FileUp },
      { href: '/schedules', text: 'Schedules', icon: CalendarClock },
    ],
  },
  {
    title: 'Service',
    links: [
      { href: '/workers', text: 'Workers', icon: Cpu },
      { href: '/queues', text: 'Queues', icon: Layers },
      { href: '/access', text: 'Access', icon: KeyRound },
    ],
  },
] as const;

export function Brand() {
  return (
    <Link href="/" className="brand">
      <img src="/favicon.svg" alt="" />
      Taskwell
    </Link>
  );
}

export function Sidebar({ session, open, onClose }: { session: Session; open: boolean; onClose: () => void }) {
  const maySubmit = session.scopes.includes('tasks:submit');
  return (
    <aside aria-label="Sidebar" className={`sidebar ${open ? 'open' : ''}`} onClick={onClose}>
      <div className="row spread">
        <Brand />
        {open && (
          <IconButton look="quiet" label="Close the menu">
            <X aria-hidden />
          </IconButton>
        )}
      </div>
      {maySubmit && (
        <Link href="/new" className="button primary">
          <Plus aria-hidden />
          New task
        </Link>
      )}
      <nav aria-label="Pages">
        {GROUPS.map(({ title, links }) => (
          <div key={title} className="nav">
            <p className="nav-title">{title}</p>
            {links.map((link) => (
              <NavLink key={link.href} {...link} />
            ))}
          </div>
        ))}
        <div className="nav">
          <p className="nav-title">Learn</p>
          <a className="nav-link" href="/docs">
            <BookOpen aria-hidden />
            API documentation
          </a>
        </div>
      </nav>
      <SidebarFoot session={session} />
    </aside>
  );
}

function NavLink({ href, text, icon: Icon }: { href: string; text: string; icon: typeof Activity }) {
  const [location] = useLocation();
  const here = href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`);
  return (
    <Link href={href} className="nav-link" aria-current={here ? 'page' : undefined}>
      <Icon aria-hidden />
      {text}
    </Link>
  );
}
