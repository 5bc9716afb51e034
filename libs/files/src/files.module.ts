import { Module } from '@nestjs/common';
import { Settings } from '@app/config';
import { FileStorage } from '@app/tasks';
import { LocalFiles } from './local-files.js';

/** Gives the application its {@link FileStorage}, as `filesUrl` says. Settings come from a global module. */
@Module({
  providers: [
    {
      provide: FileStorage,
      inject: [Settings],
      useFactory: ({ filesUrl, maxFileBytes }: Settings) =>
        new LocalFiles({ folder: filesUrl.slice('file:'.length), maxBytes: maxFileBytes }),
    },
  ],
  exports: [FileStorage],
})
export class FilesModule {}
