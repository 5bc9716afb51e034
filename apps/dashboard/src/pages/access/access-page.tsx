import { Link } from 'wouter';
import { useSession } from '../../api/session';
import { Page } from '../../shell/page';
import { Empty } from '../../ui/message';
import { AuditTab } from './audit-tab';
import { KeysTab } from './keys-tab';
import { UsersTab } from './users-tab';
import './access.css';

const TABS = [
  { name: 'keys', text: 'API keys', view: KeysTab },
  { name: 'users', text: 'Users', view: UsersTab },
  { name: 'audit', text: 'Audit', view: AuditTab },
] as const;

/** Who may do what, and who did what. */
export default function AccessPage({ tab }: { tab: string | undefined }) {
  const { data: session } = useSession();
  const shown = TABS.find(({ name }) => name === tab) ?? TABS[0];
  const mayEnter = session?.scopes.includes('admin');
  return (
    <Page
      title="Access"
      beside={
        mayEnter && (
          <nav className="segments" aria-label="Access">
            {TABS.map(({ name, text }) => (
              <Link
                key={name}
                href={`/access/${name}`}
                className="segment"
                aria-current={name === shown.name ? 'page' : undefined}
              >
                {text}
              </Link>
            ))}
          </nav>
        )
      }
    >
      {mayEnter ? <shown.view /> : <Empty title="For admins">{<p>Ask one of them for what you need.</p>}</Empty>}
    </Page>
  );
}
