import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import type { Violation } from './errors.js';

/** What a handler knows about the attempt it runs. */
export interface TaskContext {
  /** The key of every effect: a handler may run twice (`Idempotency-Key`, message id, object name). */
  taskId: string;
  attempt: number;
  /** Aborts when the attempt must end: timeout, cancel, lost lease, shutdown. Pass it on to everything that waits. */
  signal: AbortSignal;
}

/** Does the work of one type. A return completes the task with that result; a throw fails the attempt. */
export interface Handler<Payload = unknown, Result = unknown> {
  run(payload: Payload, context: TaskContext): Promise<Result> | Result;

  /** What is wrong with a payload that fits its class, for what a class cannot declare; asked at the submission. Pointers begin at the payload. */
  check?(payload: Payload): Violation[];
}

export interface HandlerOptions {
  /** The name of the type, as clients submit it: dotted lower case. */
  type: string;
  title: string;
  /** What it does, for `GET /api/types` and the documents. */
  description?: string;
  /** The class that declares and validates the payload; without one the type takes no payload. */
  payload?: new () => object;
  /** Longest run of one attempt. */
  timeoutSeconds: number;
  /** How many attempts may fail; 3 unless given. A submission can ask for another number. */
  maxAttempts?: number;
  /** True if a submission must name title and description itself. */
  needsTitle?: boolean;
}

export type HandlerClass = new (...args: never[]) => Handler<never>;

const OPTIONS = Symbol('task handler');

/** Declares a class as the handler of a type. */
export function TaskHandler(options: HandlerOptions) {
  return (target: HandlerClass): void => {
    Reflect.defineMetadata(OPTIONS, options, target);
    Injectable()(target);
  };
}

/** The options a handler class was declared with; undefined for any other class. */
export function handlerOptions(target: object): HandlerOptions | undefined {
  return Reflect.getMetadata(OPTIONS, target) as HandlerOptions | undefined;
}

/** Thrown by a handler for work that no further attempt can do: the task fails at once. */
export class PermanentFailure extends Error {
  override name = 'PermanentFailure';
}
