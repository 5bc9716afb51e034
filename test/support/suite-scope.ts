import { afterAll } from '@jest/globals';
import { Scope } from './scope.js';

/** A scope that ends with the enclosing `describe` block. */
export function scopeOfSuite(): Scope {
  const scope = new Scope();
  afterAll(() => scope.end(), 60_000);
  return scope;
}
