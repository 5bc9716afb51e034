import { Logger, type INestApplicationContext } from '@nestjs/common';
import { InvalidSettings, parseSettings, type Settings } from '@app/config';
import { LineLogger } from './logger.js';
import { boundHeapGrowth } from './memory.js';

/**
 * Runs one of Taskwell's processes: reads the settings, starts the app, and on SIGTERM or SIGINT closes it and exits with 0.
 * Ends the process with 1 and one clear message if it cannot start. Nothing else ends it: a stray error is logged.
 */
export async function run(start: (settings: Settings) => Promise<INestApplicationContext>): Promise<void> {
  boundHeapGrowth();
  try {
    const settings = parseSettings(process.env);
    Logger.overrideLogger(new LineLogger(settings.logLevel));
    surviveStrayErrors();
    closeOnSignal(await start(settings));
  } catch (error) {
    process.stderr.write(`Taskwell did not start. ${explain(error)}\n`);
    process.exit(1);
  }
}

function closeOnSignal(app: INestApplicationContext): void {
  const logger = new Logger('Process');
  let closing = false;
  const close = (signal: string) => {
    if (closing) process.exit(1);
    closing = true;
    logger.log(`${signal}: finishing what is under way. A second signal ends the process at once.`);
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
}

function surviveStrayErrors(): void {
  const logger = new Logger('Process');
  process.on('unhandledRejection', (reason) => logger.error(reason));
  process.on('uncaughtException', (error) => logger.error(error));
}

function explain(error: unknown): string {
  if (error instanceof InvalidSettings) return error.message;
  return error instanceof Error ? error.message : String(error);
}
