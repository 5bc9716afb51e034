import { useState, type FormEvent } from 'react';
import { Refused } from '../../api/client';
import type { Scope } from '../../api/service-types';
import { mistakeAt } from '../../forms/labels';
import { Button } from '../../ui/button';
import { CopyBlock } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormFoot } from '../../ui/form-foot';
import { useAdd } from './use-admin';

const SCOPES: Record<Scope, string> = {
  'tasks:submit': 'Submit tasks and upload files',
  'tasks:read': 'Read tasks, files and datasets',
  'tasks:act': 'Cancel, retry, and keep schedules',
  admin: 'Everything, keys and users too',
};

/** Makes a key; it is shown once. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['tasks:submit', 'tasks:read']);
  const [types, setTypes] = useState('');
  const [expires, setExpires] = useState('');
  const [made, setMade] = useState<string | null>(null);
  const add = useAdd<{ key: string }>('keys', ({ key }) => setMade(key));
  const violations = add.error instanceof Refused ? add.error.violations : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limits = types.split(/[\s,]+/).filter(Boolean);
    add.mutate({
      name,
      scopes,
      ...(limits.length > 0 && { types: limits }),
      ...(expires !== '' && { expires_at: new Date(expires).toISOString() }),
    });
  };
  if (made !== null) {
    return (
      <Dialog title="The new key" onClose={onClose}>
        <p className="notice amber">Copy it now: it is shown this once, and kept as a hash only.</p>
        <CopyBlock text={made} label="the key" />
        <div className="dialog-foot">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form noValidate className="stack" onSubmit={submit}>
        <Field label="Name" mistake={mistakeAt(violations, '/name', false)}>
          {(wiring) => (
            <input {...wiring} className="input" autoFocus value={name} onChange={({ target }) => setName(target.value)} />
          )}
        </Field>
        <fieldset className="scopes">
          <legend className="label">Scopes</legend>
          {(Object.keys(SCOPES) as Scope[]).map((scope) => (
            <label key={scope} className="row">
              <input
                type="checkbox"
                className="check"
                checked={scopes.includes(scope)}
                onChange={({ target }) => setScopes(target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
              />
              <span className="mono">{scope}</span>
              <span className="faint small">{SCOPES[scope]}</span>
            </label>
          ))}
          {mistakeAt(violations, '/scopes', true) && <p className="mistake">{mistakeAt(violations, '/scopes', true)}</p>}
        </fieldset>
        <Field
          label="Types"
          optional
          hint="Only these types of tasks, by commas."
          mistake={mistakeAt(violations, '/types', true)}
        >
          {(wiring) => <input {...wiring} className="input" value={types} onChange={({ target }) => setTypes(target.value)} />}
        </Field>
        <Field label="Expires" optional mistake={mistakeAt(violations, '/expires_at', false)}>
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              type="datetime-local"
              value={expires}
              onChange={({ target }) => setExpires(target.value)}
            />
          )}
        </Field>
        <FormFoot verb="Make key" error={add.error} pending={add.isPending} onClose={onClose} />
      </form>
    </Dialog>
  );
}
