import { useState } from 'react';
import { Plus } from 'lucide-react';
import { useSession } from '../../api/session';
import type { Role, User } from '../../api/service-types';
import { Ago } from '../../ui/ago';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Loaded } from '../../ui/loaded';
import { Empty } from '../../ui/message';
import { StateBadge } from '../../ui/status';
import { ConfirmRemoval } from './confirm-removal';
import { NewUser } from './new-user';
import { useAdminList } from './use-admin';

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

/** The people who may come in. */
export function UsersTab() {
  const { list, change } = useAdminList<User>('users');
  const me = useSession().data?.user?.user_id;
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<User | null>(null);
  return (
    <Card
      flush
      title="Users"
      actions={
        <Button small look="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New user
        </Button>
      }
    >
      <Loaded query={list}>
        {(users) =>
          users.length === 0 ? (
            <Empty title="No users yet" />
          ) : (
            <div className="scroll-x">
              <table className="list-table">
                <thead>
                  <tr>
                    <th>Name</th>
                    <th>Role</th>
                    <th>State</th>
                    <th>Since</th>
                    <th>
                      <span className="hidden-text">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {users.map((user) => (
                    <tr key={user.user_id}>
                      <td>
                        {user.name} {user.user_id === me && <span className="faint">(you)</span>}
                      </td>
                      <td>
                        <select
                          className="select small-select"
                          aria-label={`Role of ${user.name}`}
                          value={user.role}
                          disabled={user.user_id === me}
                          onChange={({ target }) =>
                            change.mutate({ method: 'PATCH', id: user.user_id, body: { role: target.value } })
                          }
                        >
                          {ROLES.map((role) => (
                            <option key={role}>{role}</option>
                          ))}
                        </select>
                      </td>
                      <td>
                        <StateBadge look={user.disabled ? '' : 'green'}>{user.disabled ? 'shut out' : 'active'}</StateBadge>
                      </td>
                      <td className="muted">
                        <Ago at={user.created_at} />
                      </td>
                      <td className="right">
                        {user.user_id !== me && (
                          <span className="row user-actions">
                            <Button
                              small
                              onClick={() =>
                                change.mutate({ method: 'PATCH', id: user.user_id, body: { disabled: !user.disabled } })
                              }
                            >
                              {user.disabled ? 'Let in' : 'Shut out'}
                            </Button>
                            <Button small onClick={() => setRemoving(user)}>
                              Remove
                            </Button>
                          </span>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {making && <NewUser onClose={() => setMaking(false)} />}
      {removing && (
        <ConfirmRemoval
          title={`Remove ${removing.name}?`}
          text="The audit keeps what they did."
          verb="Remove"
          onClose={() => setRemoving(null)}
          onConfirm={() => change.mutate({ method: 'DELETE', id: removing.user_id })}
        />
      )}
    </Card>
  );
}
