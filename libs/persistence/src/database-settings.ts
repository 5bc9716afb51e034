import type { Settings } from '@app/config';

/** What the stores need to know. */
export type DatabaseSettings = Pick<Settings, 'databaseUrl' | 'databaseTimeoutMs' | 'databasePoolSize'>;
