import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Refused, send } from '../../api/client';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { mistakeAt } from '../../forms/labels';
import { DoorCard } from './door-card';

/** Makes the first admin. The token is behind the `#`, so that no server log sees it. */
export function SetupPage() {
  const [name, setName] = useState('admin');
  const [password, setPassword] = useState('');
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  const setup = useMutation({
    mutationFn: () => send('POST', '/api/setup', { token, name, password }),
    onSuccess: () => window.location.assign('/'),
  });
  const violations = setup.error instanceof Refused ? setup.error.violations : [];
  if (token === null) {
    return (
      <DoorCard title="Set up">
        <p className="muted">This link is not whole. Open the one that the server printed when it started.</p>
      </DoorCard>
    );
  }
  return (
    <DoorCard title="Set up">
      <p className="muted">Make the first admin. The link works once.</p>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          setup.mutate();
        }}
      >
        <Field label="Name" mistake={mistakeAt(violations, '/name', false)}>
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              autoComplete="username"
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
              autoFocus
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </Field>
        {setup.error && (
          <p className="mistake" role="alert">
            {setup.error.message}
          </p>
        )}
        <Button type="submit" look="primary" disabled={setup.isPending}>
          Make admin
        </Button>
      </form>
    </DoorCard>
  );
}
