import { describe, expect, it } from '@jest/globals';
import { parseOptions } from './options.js';

describe('parseOptions', () => {
  it('asks for every scenario once when nothing is said', () => {
    expect(parseOptions([])).toMatchObject({ names: [], short: false, list: false, seededBugs: false, runs: 1, seed: undefined });
  });

  it('takes names and options in any order', () => {
    expect(parseOptions(['random', '--minutes', '30', '--seed', '7', '--runs', '2', '--markdown', 'x.md'])).toMatchObject({
      names: ['random'],
      minutes: 30,
      seed: 7,
      runs: 2,
      markdown: 'x.md',
    });
  });

  it.each([[['--runs', '0']], [['--seed', 'x']], [['--loud']], [['--minutes', '']]])('refuses %j', (args) => {
    expect(() => parseOptions(args)).toThrow();
  });
});
