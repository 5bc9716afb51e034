import { Module } from '@nestjs/common';
import { Settings, isLoopback } from '@app/config';
import { AccessStore } from './access-store.js';
import { Auditor } from './auditor.js';
import { Keyring } from './keyring.js';
import { Lock } from './lock.js';
import { Passwords } from './passwords.js';
import { RateLimits } from './rate-limits.js';
import { Sessions } from './sessions.js';
import { Users } from './users.js';

/** Users, sessions, keys and the audit. Settings and store come from global modules. */
@Module({
  providers: [
    Passwords,
    RateLimits,
    { provide: Keyring, inject: [AccessStore], useFactory: (store: AccessStore) => new Keyring(store) },
    { provide: Auditor, inject: [AccessStore], useFactory: (store: AccessStore) => new Auditor(store) },
    {
      provide: Sessions,
      inject: [AccessStore, Passwords, Settings],
      useFactory: (store: AccessStore, passwords: Passwords, { sessionIdleMinutes, sessionHours }: Settings) =>
        new Sessions(store, passwords, { idleMs: sessionIdleMinutes * 60_000, wholeMs: sessionHours * 3_600_000 }),
    },
    {
      provide: Users,
      inject: [AccessStore, Passwords, Sessions],
      useFactory: (store: AccessStore, passwords: Passwords, sessions: Sessions) => new Users(store, passwords, sessions),
    },
    {
      provide: Lock,
      inject: [AccessStore, Passwords, Settings],
      useFactory: (store: AccessStore, passwords: Passwords, settings: Settings) =>
        new Lock(store, passwords, {
          mustLock: !isLoopback(settings.host) || settings.nodeEnv === 'production' || settings.adminPassword !== '',
          adminPassword: settings.adminPassword,
          setupUrl: `http://${isLoopback(settings.host) ? settings.host : 'localhost'}:${settings.port}/setup`,
        }),
    },
  ],
  exports: [Auditor, Keyring, Lock, RateLimits, Sessions, Users],
})
export class AccessModule {}
