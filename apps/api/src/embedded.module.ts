import { Module } from '@nestjs/common';
import { WorkerModule } from '../../worker/src/worker.module.js';
import { ApiModule } from './api.module.js';

/** The whole of Taskwell in one process: takes requests and runs the tasks. The only place where one app knows another. */
@Module({ imports: [ApiModule, WorkerModule] })
export class EmbeddedModule {}
