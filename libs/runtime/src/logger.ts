import type { LoggerService } from '@nestjs/common';
import { scrub } from '@app/redaction';
import { pino, type Logger } from 'pino';

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Nest says line by line how it wires an app; that is for debugging. */
const WIRING = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Nest's logger on pino: one JSON object a line on standard output, or a plain line where a person looks on. */
export class LineLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: string) {
    const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
    // Whatever a line was made of: no key and no password of anybody is in it.
    const write = process.stdout.isTTY
      ? (line: string) => process.stdout.write(plainLine(scrub(line)))
      : (line: string) => process.stdout.write(scrub(line));
    this.pino = pino(options, { write });
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the context last, and the stack of an error before it. */
  private write(given: Level, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const level = given === 'info' && WIRING.has(context ?? '') ? 'debug' : given;
    if (!this.pino.isLevelEnabled(level)) return;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    if (message instanceof Error) this.pino[level]({ context, err: message }, message.message);
    else if (typeof message === 'string') this.pino[level]({ context, stack }, message);
    else this.pino[level]({ context, detail: message });
  }
}

interface LogLine {
  level: number;
  time: string;
  context?: string;
  msg?: string;
  stack?: string;
  err?: { stack?: string };
}

/** A JSON line as a person reads it. What would steer a terminal is shown as JSON escapes it. */
export function plainLine(json: string): string {
  const { level, time, context, msg, stack, err } = JSON.parse(json) as LogLine;
  const label = level >= 50 ? 'ERROR ' : level >= 40 ? 'WARN ' : '';
  const lines = [`${time.slice(11, 19)} ${label}${context ? `${context}: ` : ''}${msg ?? json}`, stack ?? err?.stack];
  return lines.flatMap((line) => (line === undefined ? [] : [`${harmless(line)}\n`])).join('');
}

function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
  return text.replace(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
