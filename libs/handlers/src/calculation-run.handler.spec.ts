import { describe, expect, it } from '@jest/globals';
import { Settings } from '@app/config';
import { validate } from '@app/tasks';
import { taskContext } from '../../../test/support/task-context.js';
import { CalculationRunHandler, RunCalculations, type Calculation } from './calculation-run.handler.js';

const handler = new CalculationRunHandler(new Settings());

const item = (
  num_1: number | string,
  operation: Calculation['operation'],
  num_2: number | string,
  result_rounding = 2,
): Calculation => ({ name: 'it', num_1, num_2, operation, result_rounding });

const run = (items: Calculation[], context = taskContext()) => handler.run({ items }, context);

async function calculated(...given: Parameters<typeof item>): Promise<unknown> {
  const { results, errors } = await run([item(...given)]);
  return results[0]?.['it'] ?? errors[0]?.['it'];
}

describe('calculation.run', () => {
  it.each([
    [123, '+', 0.75647, 2, 123.76],
    [785687256, '-', 0.75647, 4, 785687255.2435],
    [0.1, '+', 0.2, 20, 0.3],
    [1.005, '*', 1, 2, 1.01],
    [-1.005, '*', 1, 2, -1.01],
    [2.5, '/', 1, 0, 3],
    [1, '/', 3, 5, 0.33333],
    [2, '/', 3, 0, 1],
    ['0.1', '*', '3', 1, 0.3],
    ['1e3', '+', '.5', 1, 1000.5],
    [-0.001, '+', 0, 2, 0],
    [0, '/', 5, 2, 0],
  ] as const)('gives for %s %s %s, rounded to %s, exactly %s', async (num_1, operation, num_2, rounding, result) => {
    expect(await calculated(num_1, operation, num_2, rounding)).toBe(result);
  });

  it('rounds a quotient once', async () => {
    expect(await calculated('0.4999999999999999999999999', '/', 1, 0)).toBe(0);
    expect(await calculated(4.9999999999, '/', 10, 0)).toBe(0);
  });

  it('gives a text where a JSON number would not be exact', async () => {
    expect(await calculated('12345678901234567890', '+', 1, 0)).toBe('12345678901234567891');
    expect(await calculated(1, '/', 3, 20)).toBe('0.33333333333333333333');
    expect(await calculated('9007199254740993', '*', 1, 0)).toBe('9007199254740993');
    expect(await calculated('9007199254740992', '*', 1, 0)).toBe(9007199254740992);
  });

  it('gives no negative zero', async () => {
    expect(JSON.stringify(await calculated(-0.001, '*', 1, 2))).toBe('0');
  });

  it('names an item that cannot be calculated, and calculates the others', async () => {
    const items = [
      item(1, '+', 1),
      { ...item(1, '/', 0), name: 'calc_7' },
      { ...item('1', '/', '0.0e5'), name: 'calc_8' },
      item(2, '+', 2),
    ];

    expect(await run(items)).toEqual({
      results: [{ it: 2 }, { it: 4 }],
      errors: [{ calc_7: 'division by zero' }, { calc_8: 'division by zero' }],
    });
  });

  it('says how far it is', async () => {
    const context = taskContext();
    await run(
      Array.from({ length: 1_000 }, (_, n) => item(n, '*', 1.1)),
      context,
    );

    expect(context.said.progress.at(-1)).toEqual([1_000, 1_000]);
  });

  it('lets others have their turn, and heeds its signal', async () => {
    const items = Array.from({ length: 100_000 }, (_, n) => item(n, '/', 7, 50));
    const stop = new AbortController();
    const running = run(items, taskContext({ signal: stop.signal }));
    setImmediate(() => stop.abort(new Error('enough')));

    await expect(running).rejects.toThrow('enough');
  });

  it('keeps its result within bounds, whatever the numbers', async () => {
    const long = '9'.repeat(99);
    const { results, errors } = await run(Array.from({ length: 12_000 }, () => item(long, '*', long, 0)));

    expect(results.length).toBeGreaterThan(1_000);
    expect(errors.length).toBe(12_000 - results.length);
    expect(JSON.stringify({ results, errors }).length).toBeLessThanOrEqual(new Settings().maxResultBytes);
  });
});

describe('the payload of calculation.run', () => {
  const pointers = (...items: unknown[]) => {
    const checked = validate(RunCalculations, { items }, '/payload');
    return 'violations' in checked ? [...new Set(checked.violations.map(({ pointer }) => pointer))] : [];
  };

  it.each([1, -0.5, 1e100, '1', '-1.5e-99', '.5', '5.', '9'.repeat(100)])('takes the number %s', (num_1) => {
    expect(pointers({ ...item(1, '+', 1), num_1 })).toEqual([]);
  });

  it.each([
    1e101,
    1e308,
    5e-324,
    '1e999',
    '1e101',
    '1e1000000',
    '',
    ' 1',
    '1 ',
    'abc',
    '0x10',
    '1,5',
    '١',
    'NaN',
    'Infinity',
    '--1',
    '9'.repeat(101),
    null,
    true,
    [],
    {},
  ])('refuses the number %j', (num_1) => {
    expect(pointers({ ...item(1, '+', 1), num_1 })).toEqual(['/payload/items/0/num_1']);
  });

  it('names every member that does not fit', () => {
    const without = { ...item(1, '+', 1), num_1: undefined };

    expect(
      pointers(item(1, '+', 1), { ...item(1, '+', 1), operation: '^' }, { ...item(1, '+', 1), result_rounding: 51 }, without, 7, {
        ...item(1, '+', 1),
        name: '',
        extra: 1,
      }),
    ).toEqual([
      '/payload/items/1/operation',
      '/payload/items/2/result_rounding',
      '/payload/items/3/num_1',
      '/payload/items/4',
      '/payload/items/5/extra',
      '/payload/items/5/name',
    ]);
  });

  it('wants at least one item', () => {
    expect(pointers()).toEqual(['/payload/items']);
  });
});
