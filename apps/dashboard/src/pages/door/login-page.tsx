import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Refused, send } from '../../api/client';
import type { Session } from '../../api/service-types';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { spanText } from '../../ui/time';
import { DoorCard } from './door-card';

/** Who comes in says who they are. */
export function LoginPage({ session }: { session: Session }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => send<Session>('POST', '/api/session', { name, password }),
    onSuccess: (entered) => {
      // What is shown hangs on this query: it must stay the same one.
      client.setQueryData(['session'], entered);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
  if (session.setup_needed) {
    return (
      <DoorCard title="Not set up yet">
        <p className="muted">
          There is no admin yet. Open the setup link that the server printed when it started, or set <code>ADMIN_PASSWORD</code>{' '}
          and start it again.
        </p>
      </DoorCard>
    );
  }
  return (
    <DoorCard title="Log in">
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          login.mutate();
        }}
      >
        <Field label="Name">
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              autoComplete="username"
              autoFocus
              required
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label="Password">
          {(wiring) => (
            <input
              {...wiring}
              className="input"
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </Field>
        {login.error && (
          <p className="mistake" role="alert">
            {mistakeOf(login.error)}
          </p>
        )}
        <Button type="submit" look="primary" disabled={login.isPending}>
          Log in
        </Button>
      </form>
    </DoorCard>
  );
}

function mistakeOf(error: Error): string {
  if (!(error instanceof Refused)) return error.message;
  if (error.status === 401) return 'Name or password do not fit.';
  if (error.status === 429) return `Too many tries. Try again in ${spanText(error.retryAfter ?? 60)}.`;
  return error.message;
}
