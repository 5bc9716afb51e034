import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ArchiveModule } from '@app/archive';
import { CallbacksModule } from '@app/callbacks';
import { EgressModule } from '@app/egress';
import { MailModule } from '@app/mail';
import { FileReader } from '@app/records';
import { HandlerRegistry, handlerOptions, type Handler, type HandlerClass } from '@app/tasks';

/** Finds every `*.handler` file of this folder and makes its task types known: adding a type is adding one file. */
@Module({})
export class HandlersModule {
  /**
   * @param more a second folder with handlers, for tests; none if empty.
   * @throws Error at boot for two handlers of one type or a malformed declaration.
   */
  static async discover(more = ''): Promise<DynamicModule> {
    const classes = await handlerClasses(import.meta.dirname);
    if (more) classes.push(...(await handlerClasses(more)));
    return {
      module: HandlersModule,
      global: true,
      imports: [ArchiveModule, MailModule, EgressModule, CallbacksModule],
      providers: [
        { provide: FileReader, useFactory: () => new FileReader() },
        ...(classes as unknown as Provider[]),
        {
          provide: HandlerRegistry,
          inject: classes,
          useFactory: (...handlers: Handler[]) => new HandlerRegistry(handlers),
        },
      ],
      exports: [HandlerRegistry],
    };
  }
}

async function handlerClasses(folder: string): Promise<HandlerClass[]> {
  const files = readdirSync(folder).filter((file) => /\.handler\.(js|ts|mjs)$/.test(file));
  const modules = (await Promise.all(files.sort().map((file) => import(pathToFileURL(join(folder, file)).href)))) as Record<
    string,
    unknown
  >[];
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is HandlerClass => typeof value === 'function' && handlerOptions(value) !== undefined);
}
