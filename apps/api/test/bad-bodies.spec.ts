import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { get, openDoor, post, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const plain = { title: 't', description: 'd' };
const withMember = (member: object) => JSON.stringify({ ...plain, ...member });
const withPayload = (json: string) => `{"title":"t","description":"d","payload":${json}}`;
const nested = (open: string, close: string, times: number) => open.repeat(times) + '1' + close.repeat(times);

describe('a body that is refused', () => {
  let before: unknown;
  const newest = async () => (await get(door, '/api/tasks?page_size=1')).body.items[0]?.task_id;
  beforeAll(async () => {
    before = await newest();
  });
  afterEach(async () => {
    expect(await newest()).toBe(before);
  });

  it.each<[string, string | Buffer, number, string]>([
    ['empty', '', 400, 'invalid_request'],
    ['only white space', ' \n ', 400, 'malformed_request'],
    ['truncated', '{"type":"x"', 400, 'malformed_request'],
    ['with a trailing comma', '{"type":"x",}', 400, 'malformed_request'],
    ['with single quotes', "{'type':'x'}", 400, 'malformed_request'],
    ['with a comment', '{"type":"x"/**/}', 400, 'malformed_request'],
    ['with NaN', withPayload('{"n":NaN}'), 400, 'malformed_request'],
    ['with Infinity', withPayload('{"n":-Infinity}'), 400, 'malformed_request'],
    ['with a leading zero', withPayload('01'), 400, 'malformed_request'],
    ['with two values', '{}{}', 400, 'malformed_request'],
    ['with a byte order mark', '\ufeff{"title":"t","description":"d"}', 400, 'malformed_request'],
    ['not in UTF-8', Buffer.from('7b2274797065223a22ff227d', 'hex'), 400, 'malformed_request'],
    ['with a surrogate in UTF-8', Buffer.from('7b2274797065223a22eda080227d', 'hex'), 400, 'malformed_request'],
    ['in UTF-16', Buffer.from('{"title":"t"}', 'utf16le'), 400, 'malformed_request'],
    ['an array', '[]', 400, 'invalid_request'],
    ['a string', '"x"', 400, 'invalid_request'],
    ['a number', '1', 400, 'invalid_request'],
    ['null', 'null', 400, 'invalid_request'],
    ['with a name twice', '{"type":"a","type":"b"}', 400, 'invalid_request'],
    ['with a name twice in other escapes', '{"type":"a","\\u0074ype":"b"}', 400, 'invalid_request'],
    ['with a name twice deep inside', withPayload('[{"a":{"b":1,"c":2,"b":3}}]'), 400, 'invalid_request'],
    ['with an integer of 20 digits', withPayload('{"n":12345678901234567890}'), 400, 'invalid_request'],
    ['with 2^53 + 1', withPayload('9007199254740993'), 400, 'invalid_request'],
    ['with 1e400', withPayload('1e400'), 400, 'invalid_request'],
    ['with 1e-400', withPayload('1e-400'), 400, 'invalid_request'],
    ['with a number of a megabyte', withPayload('1'.repeat(1_000_000)), 400, 'invalid_request'],
    ['with __proto__ at the top', '{"__proto__":{"type":"x"},"payload":{}}', 400, 'invalid_request'],
    ['with __proto__ in the payload', withPayload('{"a":[{"__proto__":{"x":1}}]}'), 400, 'invalid_request'],
    ['with __proto__ in escapes', withPayload('{"\\u005f_proto__":1}'), 400, 'invalid_request'],
    ['with constructor.prototype', withPayload('{"constructor":{"prototype":{"x":1}}}'), 400, 'invalid_request'],
    ['of 20,000 nested objects', nested('{"a":', '}', 20_000), 400, 'invalid_request'],
    ['of 100,000 nested arrays', nested('[', ']', 100_000), 400, 'invalid_request'],
    ['with a payload nested too deep', withPayload(nested('[', ']', 64)), 400, 'invalid_request'],
    ['with an unknown type', withMember({ type: 'no.such' }), 400, 'unknown_type'],
    ['with the type __proto__', '{"type":"__proto__","payload":{}}', 400, 'unknown_type'],
    ['with the type constructor', '{"type":"constructor"}', 400, 'unknown_type'],
    ['with an empty type', withMember({ type: '' }), 400, 'invalid_request'],
    ['with a type of several words', withMember({ type: 'a b' }), 400, 'invalid_request'],
    ['with NUL in the type', '{"type":"x\\u0000y"}', 400, 'invalid_request'],
    ['with ANSI escapes in the type', '{"type":"\\u001b[2J"}', 400, 'invalid_request'],
    ['with a bidi override in the type', '{"type":"abc\u202egnp.exe"}', 400, 'invalid_request'],
    ['with an array for the type', '{"type":["text.reverse"],"payload":{}}', 400, 'invalid_request'],
    ['with an object with a length for the type', '{"type":{"length":3},"payload":{}}', 400, 'invalid_request'],
    ['with a number for the type', '{"type":1}', 400, 'invalid_request'],
    ['with a type of 50,000 characters', withMember({ type: `${'a'.repeat(50_000)}!` }), 400, 'invalid_request'],
    ['without a title', '{"description":"d"}', 400, 'invalid_request'],
    ['without a description', '{"title":"t"}', 400, 'invalid_request'],
    ['with nothing in it', '{}', 400, 'invalid_request'],
    ['with null for a title', '{"title":null,"description":"d"}', 400, 'invalid_request'],
    ['with an empty title', withMember({ title: '' }), 400, 'invalid_request'],
    ['with a title of 256 characters', withMember({ title: 'x'.repeat(256) }), 400, 'invalid_request'],
    [
      'with a title of 256 characters, most of them invisible',
      withMember({ title: `x${'\ufe0f'.repeat(255)}` }),
      400,
      'invalid_request',
    ],
    ['with a title of two lines', withMember({ title: 'a\nb' }), 400, 'invalid_request'],
    ['with a lone surrogate in the title', '{"title":"\\ud800","description":"d"}', 400, 'invalid_request'],
    ['with a bidi override in the title', withMember({ title: 'abc\u202egnp' }), 400, 'invalid_request'],
    ['with NUL in the title', withMember({ title: 'a\0b' }), 400, 'invalid_request'],
    ['with a number for the title', withMember({ title: 1 }), 400, 'invalid_request'],
    ['with a long description', withMember({ description: 'x'.repeat(10_001) }), 400, 'invalid_request'],
    ['with NUL in the description', withMember({ description: '\0' }), 400, 'invalid_request'],
    ['with a lone surrogate in the description', '{"title":"t","description":"\\udc00"}', 400, 'invalid_request'],
    ['with a list for metadata', withMember({ metadata: [] }), 400, 'invalid_request'],
    ['with text for metadata', withMember({ metadata: '{}' }), 400, 'invalid_request'],
    ['with a string for the priority', withMember({ priority: '9' }), 400, 'invalid_request'],
    ['with a number for the priority', withMember({ priority: 256 }), 400, 'invalid_request'],
    ['with a priority in capitals', withMember({ priority: 'HIGH' }), 400, 'invalid_request'],
    ['with a negative delay', withMember({ delay_seconds: -5 }), 400, 'invalid_request'],
    ['with a delay as text', withMember({ delay_seconds: '5' }), 400, 'invalid_request'],
    ['with half a second of delay', withMember({ delay_seconds: 0.5 }), 400, 'invalid_request'],
    ['with a delay of a thousand years', withMember({ delay_seconds: 3e10 }), 400, 'invalid_request'],
    ['with run_at and delay_seconds', withMember({ run_at: '2027-01-01T00:00:00Z', delay_seconds: 0 }), 400, 'invalid_request'],
    ['with run_at in no time zone', withMember({ run_at: '2027-01-01T00:00:00' }), 400, 'invalid_request'],
    ['with run_at on 30 February', withMember({ run_at: '2027-02-30T00:00:00Z' }), 400, 'invalid_request'],
    ['with run_at at 25 h', withMember({ run_at: '2027-01-01T25:00:00Z' }), 400, 'invalid_request'],
    ['with run_at in the year 10000', withMember({ run_at: '+010000-01-01T00:00:00Z' }), 400, 'invalid_request'],
    ['with run_at in the year 10000 of UTC', withMember({ run_at: '9999-12-31T23:59:59-01:00' }), 400, 'invalid_request'],
    ['with run_at as a number', withMember({ run_at: 1_800_000_000 }), 400, 'invalid_request'],
    ['with run_at as an empty text', withMember({ run_at: '' }), 400, 'invalid_request'],
    ['with no attempts', withMember({ max_attempts: 0 }), 400, 'invalid_request'],
    ['with 101 attempts', withMember({ max_attempts: 101 }), 400, 'invalid_request'],
    ['with half an attempt', withMember({ max_attempts: 1.5 }), 400, 'invalid_request'],
    ['with waits of no kind', withMember({ retry: 5 }), 400, 'invalid_request'],
    ['with waits in a list', withMember({ retry: [] }), 400, 'invalid_request'],
    ['with a wait of -1', withMember({ retry: { first_delay_seconds: -1 } }), 400, 'invalid_request'],
    ['with an unknown wait', withMember({ retry: { delay: 1 } }), 400, 'invalid_request'],
    [
      'with a first wait beyond the longest',
      withMember({ retry: { first_delay_seconds: 2, max_delay_seconds: 1 } }),
      400,
      'invalid_request',
    ],
    ['with a timeout of 0', withMember({ timeout_seconds: 0 }), 400, 'invalid_request'],
    ['with a timeout of more than a day', withMember({ timeout_seconds: 86_401 }), 400, 'invalid_request'],
    ['with a timeout of true', withMember({ timeout_seconds: true }), 400, 'invalid_request'],
    ['with 21 tags', withMember({ tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }), 400, 'invalid_request'],
    ['with text for tags', withMember({ tags: 'a' }), 400, 'invalid_request'],
    ['with a tag twice', withMember({ tags: ['a', 'a'] }), 400, 'invalid_request'],
    ['with a tag of 65 characters', withMember({ tags: ['x'.repeat(65)] }), 400, 'invalid_request'],
    ['with a bidi override in a tag', withMember({ tags: ['a\u202eb'] }), 400, 'invalid_request'],
    ['with null among the tags', withMember({ tags: [null] }), 400, 'invalid_request'],
    ['with a member that no submission has', withMember({ colour: 'red' }), 400, 'invalid_request'],
    ['with the member constructor', withMember({ constructor: 1 }), 400, 'invalid_request'],
    ['with the member constructor, null', withMember({ constructor: null }), 400, 'invalid_request'],
    ['with the member hasOwnProperty', withMember({ hasOwnProperty: 1 }), 400, 'invalid_request'],
    ['with the member toString', withMember({ toString: 1 }), 400, 'invalid_request'],
    ['with a payload of another shape than its type', '{"type":"text.reverse","payload":{"text":1}}', 422, 'invalid_payload'],
    ['with a payload that has too much', '{"type":"text.reverse","payload":{"text":"a","more":1}}', 422, 'invalid_payload'],
    ['with text for the payload of a type', '{"type":"text.reverse","payload":"true"}', 422, 'invalid_payload'],
    ['without the payload of a type', '{"type":"text.reverse"}', 422, 'invalid_payload'],
    [
      'with the payload member constructor',
      '{"type":"text.reverse","payload":{"text":"a","constructor":1}}',
      422,
      'invalid_payload',
    ],
  ])('is one %s', async (_name, body, status, code) => {
    const answer = await post(door, '/api/tasks', body);

    expect(answer).toMatchObject({ status, body: { status, code, type: 'about:blank', request_id: expect.any(String) } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('is one of a byte too many', async () => {
    const body = withMember({ payload: '' });
    const tooLarge = withMember({ payload: 'x'.repeat(door.settings.maxBodyBytes - body.length + 1) });

    expect(await post(door, '/api/tasks', tooLarge)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });

  it('says where its mistakes are', async () => {
    const { body } = await post(door, '/api/tasks', { title: '', description: 1, 'a/b~c': 1 });

    expect(new Set(body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set(['/title', '/description', '/a~1b~0c']),
    );
  });

  it('says where a number is that cannot be kept', async () => {
    const { body } = await post(door, '/api/tasks', withPayload('[{"a":[1,{"b":1e999}]}]'));

    expect(body.errors[0].pointer).toBe('/payload/0/a/1/b');
  });
});

describe('a payload comes back as it was given', () => {
  it.each([
    ['text that looks like a value', '"true"'],
    ['text that looks like a number', '"123"'],
    ['text that looks like a date', '"2027-01-01T00:00:00.000Z"'],
    ['false', 'false'],
    ['zero', '0'],
    ['an empty name', '{"":1}'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['NUL', '"a\\u0000b"'],
    ['a lone surrogate', '{"\\ud800":"\\udfff"}'],
    ['characters beyond the first plane', '"👩‍👩‍👧 𝒳"'],
    ['the member constructor', '{"constructor":{"name":"x"},"prototype":1,"hasOwnProperty":2}'],
    ['numbers at the edge of a double', '[0.1,1e+21,1.7976931348623157e+308,5e-324,9007199254740991,-0.5,12345678.9012345]'],
    ['nesting up to the limit', nested('[', ']', 63)],
  ])('with %s', async (_name, json) => {
    const { body } = await post(door, '/api/tasks', withPayload(json));

    const response = await fetch(`${door.url}/api/tasks/${body.task_id}`);
    expect(JSON.stringify((JSON.parse(await response.text()) as { payload: unknown }).payload)).toBe(json);
  });

  it('with as many bytes as the limit allows', async () => {
    const empty = withMember({ payload: '' });
    const payload = 'x'.repeat(door.settings.maxBodyBytes - empty.length);

    const { status, body } = await post(door, '/api/tasks', withMember({ payload }));

    expect(status).toBe(202);
    expect((await get(door, `/api/tasks/${body.task_id}`)).body.payload).toBe(payload);
  });
});

describe('a time of a task', () => {
  it.each([
    ['2027-03-28T02:30:00+01:00', '2027-03-28T01:30:00.000Z'],
    ['2028-02-29t23:59:59.123456789z', '2028-02-29T23:59:59.123Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('is kept: %s', async (run_at, kept) => {
    const { body } = await post(door, '/api/tasks', { ...plain, run_at });

    expect((await get(door, `/api/tasks/${body.task_id}`)).body.run_at).toBe(kept);
  });

  it.each([0, 1, 315_360_000])('can be %d seconds away', async (delay_seconds) => {
    const { body } = await post(door, '/api/tasks', { ...plain, delay_seconds });

    const task = (await get(door, `/api/tasks/${body.task_id}`)).body;
    expect(Date.parse(task.run_at) - Date.parse(task.created_at)).toBe(delay_seconds * 1000);
  });
});
