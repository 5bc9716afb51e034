import { Global, Module } from '@nestjs/common';
import { Settings } from '@app/config';
import { Egress } from './egress.js';
import { EgressPolicy } from './policy.js';

/** Gives the application its one {@link Egress}. Settings come from a global module. */
@Global()
@Module({
  providers: [
    { provide: EgressPolicy, inject: [Settings], useFactory: ({ egressAllow }: Settings) => new EgressPolicy(egressAllow) },
    { provide: Egress, inject: [EgressPolicy], useFactory: (policy: EgressPolicy) => new Egress(policy) },
  ],
  exports: [Egress, EgressPolicy],
})
export class EgressModule {}
