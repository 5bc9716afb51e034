import { Module } from '@nestjs/common';
import { Settings } from '@app/config';
import { Egress, EgressModule } from '@app/egress';
import { CallbackStore, TaskObserver, TaskStore } from '@app/tasks';
import { Deliverer } from './deliverer.js';
import { waitsOf } from './schedule.js';
import { SecretKeeper } from './secret-keeper.js';

/** What delivers callbacks. Settings and stores come from global modules. */
@Module({
  imports: [EgressModule],
  providers: [
    {
      provide: SecretKeeper,
      inject: [CallbackStore, Settings],
      useFactory: (store: CallbackStore, { callbackSecret }: Settings) => new SecretKeeper(store, callbackSecret),
    },
    {
      provide: Deliverer,
      inject: [Egress, TaskStore, CallbackStore, SecretKeeper, Settings, { token: TaskObserver, optional: true }],
      useFactory: (
        egress: Egress,
        tasks: TaskStore,
        callbacks: CallbackStore,
        secrets: SecretKeeper,
        { callbackSchedule }: Settings,
        observer?: TaskObserver,
      ) => new Deliverer(egress, tasks, callbacks, secrets, waitsOf(callbackSchedule), observer),
    },
  ],
  exports: [Deliverer],
})
export class CallbacksModule {}
