import { UnknownType } from './errors.js';
import { handlerOptions, type Handler, type HandlerOptions } from './handler.js';

/** A type that this build can run: its declaration and its handler. */
export interface RegisteredType extends HandlerOptions {
  handler: Handler;
}

const TYPE_NAME = /^[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*$/;

/** The task types of this build, by name. */
export class HandlerRegistry {
  private readonly byType = new Map<string, RegisteredType>();

  /** @throws Error at boot for a class without `@TaskHandler`, a malformed type name, or two handlers of one type. */
  constructor(handlers: readonly Handler[]) {
    for (const handler of handlers) {
      const name = handler.constructor.name;
      const options = handlerOptions(handler.constructor);
      if (!options) throw new Error(`${name} is not declared with @TaskHandler.`);
      if (!TYPE_NAME.test(options.type) || options.type.length > 64) {
        throw new Error(`${name}: "${options.type}" is not a type name; expected dotted lower case, at most 64 characters.`);
      }
      const other = this.byType.get(options.type);
      if (other) throw new Error(`${other.handler.constructor.name} and ${name} both handle "${options.type}".`);
      this.byType.set(options.type, { ...options, handler });
    }
  }

  /** @throws UnknownType */
  get(type: string): RegisteredType {
    const found = this.byType.get(type);
    if (!found) throw new UnknownType(type);
    return found;
  }

  has(type: string): boolean {
    return this.byType.has(type);
  }

  /** All types that clients may submit, by name. */
  all(): RegisteredType[] {
    return [...this.byType.values()].filter(({ internal }) => !internal).sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  /** The names of the types that clients do not see unless they ask for one. */
  internalNames(): string[] {
    return [...this.byType.values()].filter(({ internal }) => internal).map(({ type }) => type);
  }

  /** How many workers may go away with a task of the type before it FAILS: so many, or more where the type says so. */
  maxCrashes(type: string, atLeast: number): number {
    const { detached, maxCrashes = 0 } = this.byType.get(type) ?? {};
    // A crash of the process is never the fault of a detached task.
    return detached ? Infinity : Math.max(atLeast, maxCrashes);
  }

  /** The names of all types, internal ones too. */
  names(): string[] {
    return [...this.byType.keys()];
  }
}
