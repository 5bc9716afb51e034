import { useState, type FormEvent } from 'react';
import { Refused } from '../../api/client';
import type { Role, User } from '../../api/service-types';
import { mistakeAt } from '../../forms/labels';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormFoot } from '../../ui/form-foot';
import { useAdd } from './use-admin';

const ROLES: Record<Role, string> = {
  viewer: 'sees tasks, with secrets hidden',
  operator: 'also submits, retries and cancels',
  admin: 'also keeps keys and users',
};

export function NewUser({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const add = useAdd<User>('users', onClose);
  const violations = add.error instanceof Refused ? add.error.violations : [];
  return (
    <Dialog title="New user" onClose={onClose}>
      <form
        noValidate
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          add.mutate({ name, password, role });
        }}
      >
        <Field label="Name" mistake={mistakeAt(violations, '/name', false)}>
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              autoFocus
              autoComplete="off"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label="Password" mistake={mistakeAt(violations, '/password', false)}>
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </Field>
        <Field label="Role" hint={`A ${role} ${ROLES[role]}.`}>
          {(wiring) => (
            <select {...wiring} className="select" value={role} onChange={({ target }) => setRole(target.value as Role)}>
              {Object.keys(ROLES).map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <FormFoot verb="Make user" error={add.error} pending={add.isPending} onClose={onClose} />
      </form>
    </Dialog>
  );
}
