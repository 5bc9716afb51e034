import type { OnApplicationBootstrap } from '@nestjs/common';
import type { CallbackStore } from '@app/tasks';
import { keysOf, newSecret } from './secrets.js';

/** Knows the keys to sign with: the setting's, or those of a secret that all processes share and that is made when it is first asked for. */
export class SecretKeeper implements OnApplicationBootstrap {
  private known?: Buffer[];

  constructor(
    private readonly store: CallbackStore,
    setting: string,
  ) {
    if (setting !== '') this.known = keysOf(setting);
  }

  /** Makes the secret, so that it can be read before anything is signed with it; a store that is away makes it at the first use. */
  onApplicationBootstrap(): void {
    this.keys().catch(() => {});
  }

  /** @throws StoreUnavailable */
  async keys(): Promise<readonly Buffer[]> {
    this.known ??= keysOf(await this.store.secret(newSecret()));
    return this.known;
  }
}
