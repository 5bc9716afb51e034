import { Module } from '@nestjs/common';
import { Settings } from '@app/config';
import { FileStorage } from '@app/tasks';
import { openStorage } from './open-storage.js';

/** Gives the application its {@link FileStorage}, as `filesUrl` says. Settings come from a global module. */
@Module({
  providers: [{ provide: FileStorage, inject: [Settings], useFactory: openStorage }],
  exports: [FileStorage],
})
export class FilesModule {}
