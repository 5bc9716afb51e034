import { describe, expect, it } from '@jest/globals';
import { UnknownType } from './errors.js';
import { TaskHandler, type Handler, type HandlerOptions } from './handler.js';
import { HandlerRegistry } from './registry.js';

function handlerOf(type: string, options: Partial<HandlerOptions> = {}): Handler {
  @TaskHandler({ type, title: type, timeoutSeconds: 1, ...options })
  class SomeHandler implements Handler {
    run(): null {
      return null;
    }
  }
  return new SomeHandler();
}

describe('HandlerRegistry', () => {
  it('finds a handler by its type', () => {
    const handler = handlerOf('text.reverse');

    expect(new HandlerRegistry([handler]).get('text.reverse').handler).toBe(handler);
  });

  it.each(['nope', '__proto__', 'constructor', 'toString'])('knows no type %s', (type) => {
    expect(() => new HandlerRegistry([handlerOf('a.b')]).get(type)).toThrow(UnknownType);
  });

  it('refuses two handlers of one type', () => {
    expect(() => new HandlerRegistry([handlerOf('a.b'), handlerOf('a.b')])).toThrow('both handle "a.b"');
  });

  it.each(['Upper', '', 'a..b', 'a b', 'a'.repeat(65)])('refuses the type name "%s"', (type) => {
    expect(() => new HandlerRegistry([handlerOf(type)])).toThrow('is not a type name');
  });

  it('lets a task lose as many workers as the service allows, or its type', () => {
    const registry = new HandlerRegistry([
      handlerOf('a.short'),
      handlerOf('a.long', { maxCrashes: 5 }),
      handlerOf('a.wait', { detached: true }),
    ]);
    const of = (type: string, atLeast: number) => registry.maxCrashes(type, atLeast);

    expect([of('a.short', 3), of('a.long', 3), of('a.long', 9)]).toEqual([3, 5, 9]);
    expect([of('a.wait', 3), of('a.gone', 3)]).toEqual([Infinity, 3]);
  });
});
