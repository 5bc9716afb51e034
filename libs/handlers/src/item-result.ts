import { IsArray } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

const NO_ROOM = 'The result of the task has no room for it.';
/** Braces, a colon and a comma. */
const FRAME_BYTES = 4;
/** What is kept free for every item, so that each can at least be said to have no room. */
const LEAST_BYTES = sizeOf(NO_ROOM) + FRAME_BYTES;

/** The result of a task of many items: what each gave, or why it gave nothing, under its name and in the order of the items. */
export class ItemResult<T> {
  private readonly results: Record<string, T>[] = [];
  private readonly errors: Record<string, string>[] = [];
  /** Bytes that are left when every item that is still to come gets the least. */
  private room: number;

  /**
   * @param names of the items; one may occur several times.
   * @param maxBytes of the result as JSON.
   */
  constructor(
    private readonly names: readonly string[],
    maxBytes: number,
  ) {
    this.room = maxBytes - names.reduce((sum, name) => sum + mostBytes(name) + LEAST_BYTES, 0) - sizeOf(this.lists());
  }

  /** An item for whose value the result has no more room becomes an error of its own. */
  add(index: number, value: T): void {
    if (this.takeRoom(index, value)) this.results.push({ [this.names[index]!]: value });
    else this.errors.push({ [this.names[index]!]: NO_ROOM });
  }

  fail(index: number, reason: string): void {
    this.errors.push({ [this.names[index]!]: this.takeRoom(index, reason) ? reason : NO_ROOM });
  }

  lists(): { results: Record<string, T>[]; errors: Record<string, string>[] } {
    return { results: this.results, errors: this.errors };
  }

  private takeRoom(index: number, value: unknown): boolean {
    const name = this.names[index]!;
    const more = sizeOf(name) - mostBytes(name) + sizeOf(value) + FRAME_BYTES - LEAST_BYTES;
    if (more > 0 && more > this.room) return false;
    this.room -= more;
    return true;
  }
}

/** At most so many as JSON, counted at once: names have no control characters. */
function mostBytes(name: string): number {
  return name.length * 3 + 2;
}

function sizeOf(json: unknown): number {
  return Buffer.byteLength(JSON.stringify(json));
}

type Schema = Exclude<Parameters<typeof JSONSchema>[0], (...given: never[]) => unknown>;

/** What items gave: objects of one member each, the name of the item with its value. */
export function IsResults(value: Schema, description: string): PropertyDecorator {
  return (target, key) => {
    const items = { type: 'object' as const, additionalProperties: value, minProperties: 1, maxProperties: 1 };
    JSONSchema({ type: 'array', items, description })(target, key as string);
    IsArray()(target, key);
  };
}

/** Why items gave nothing, likewise. */
export function IsErrors(): PropertyDecorator {
  return IsResults({ type: 'string' }, 'Why an item has no result, under its name.');
}
