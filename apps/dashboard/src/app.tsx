import { useState } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';
import { makeQueryClient } from './api/query-client';
import { useSession } from './api/session';
import { Live } from './live/live';
import { LoginPage } from './pages/door/login-page';
import { SetupPage } from './pages/door/setup-page';
import { Routes } from './routes';
import { Shell } from './shell/shell';
import { Failed } from './ui/message';

export function App() {
  const [client] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Switch>
        <Route path="/setup" component={SetupPage} />
        <Route>
          <Door />
        </Route>
      </Switch>
    </QueryClientProvider>
  );
}

/** The pages for those who may see them, and the way in for all others. */
function Door() {
  const session = useSession();
  if (session.data === undefined) {
    if (!session.error) return null;
    return <Failed error={session.error} onRetry={() => void session.refetch()} />;
  }
  if (session.data.mode === 'locked' && session.data.user === null) return <LoginPage session={session.data} />;
  return (
    <Live>
      <Shell session={session.data}>
        <Routes />
      </Shell>
    </Live>
  );
}
