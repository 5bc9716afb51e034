import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Refused } from './client';

/** Asks again where that may help, and asks who is here when the API says that nobody is. */
export function makeQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Refused && error.status === 401) void client.invalidateQueries({ queryKey: ['session'] });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        retry: (count, error) => count < 2 && !(error instanceof Refused && error.status < 500),
        retryDelay: (count) => Math.min(500 * 2 ** count, 4_000),
        // The page says itself when there is no connection.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
