import { useState } from 'react';
import { Plus } from 'lucide-react';
import type { Key } from '../../api/service-types';
import { Ago } from '../../ui/ago';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Loaded } from '../../ui/loaded';
import { Empty } from '../../ui/message';
import { ConfirmRemoval } from './confirm-removal';
import { NewKey } from './new-key';
import { useAdminList } from './use-admin';

/** The keys that programs come in with. */
export function KeysTab() {
  const { list, change } = useAdminList<Key>('keys');
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  return (
    <Card
      flush
      title="API keys"
      actions={
        <Button small look="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New key
        </Button>
      }
    >
      <Loaded query={list}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title="No keys yet">
              <p>A key lets a program in: send it as &quot;Authorization: Bearer tw_…&quot;.</p>
            </Empty>
          ) : (
            <div className="scroll-x">
              <table className="list-table">
                <thead>
                  <tr>
                    <th>Name</th>
                    <th>Key</th>
                    <th>Scopes</th>
                    <th>Types</th>
                    <th>Last used</th>
                    <th>Expires</th>
                    <th>
                      <span className="hidden-text">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {keys.map((key) => (
                    <tr key={key.key_id}>
                      <td>{key.name}</td>
                      <td className="mono">{key.prefix}…</td>
                      <td>
                        <span className="row wrap">
                          {key.scopes.map((scope) => (
                            <span key={scope} className="tag mono">
                              {scope}
                            </span>
                          ))}
                        </span>
                      </td>
                      <td>{key.types?.join(', ') ?? <span className="faint">all</span>}</td>
                      <td className="muted">{key.last_used_at === null ? 'never' : <Ago at={key.last_used_at} />}</td>
                      <td className="muted">{key.expires_at === null ? 'never' : <Ago at={key.expires_at} />}</td>
                      <td className="right">
                        <Button small onClick={() => setRevoking(key)}>
                          Revoke
                        </Button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {making && <NewKey onClose={() => setMaking(false)} />}
      {revoking && (
        <ConfirmRemoval
          title={`Revoke ${revoking.name}?`}
          text="Whoever uses it is shut out at once."
          verb="Revoke"
          onClose={() => setRevoking(null)}
          onConfirm={() => change.mutate({ method: 'DELETE', id: revoking.key_id })}
        />
      )}
    </Card>
  );
}
