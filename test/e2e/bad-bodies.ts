/** A body that must be refused: bytes as they go over the line, and what they must get. */
export interface BadBody {
  name: string;
  body: string | Buffer;
  status: number | number[];
  /** Where the mistake is, if the answer must say it. */
  pointer?: string;
}

/** The default of MAX_BODY_BYTES. */
export const BODY_LIMIT = 1024 * 1024;

/** A plain submission in which `members` (JSON text, without braces) are the only thing that can be wrong. */
const plain = (members: string) => `{"title":"t","description":"d",${members}}`;

const notJson: BadBody[] = [
  { name: 'an empty body', body: '', status: 400 },
  { name: 'white space', body: ' \n', status: 400 },
  { name: 'a trailing comma', body: plain('"payload":{},'), status: 400 },
  { name: 'NaN', body: plain('"payload":{"n":NaN}'), status: 400 },
  { name: 'Infinity', body: plain('"payload":-Infinity'), status: 400 },
  { name: 'a comment', body: plain('/* x */ "payload":1'), status: 400 },
  { name: 'single quotes', body: "{'title':'t'}", status: 400 },
  { name: 'half of a document', body: '{"title":"t","desc', status: 400 },
  { name: 'two documents', body: `${plain('"payload":1')}{}`, status: 400 },
  { name: 'a NUL byte', body: '{"title":"a\u0000b"}', status: 400 },
  { name: 'UTF-16', body: Buffer.from(plain('"payload":1'), 'utf16le'), status: 400 },
  { name: 'bytes that are no UTF-8', body: Buffer.from('7b2274797065223a22ff227d', 'hex'), status: 400 },
  {
    name: 'an overlong encoding',
    body: Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    status: 400,
  },
  {
    name: 'an encoded surrogate',
    body: Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    status: 400,
  },
];

const notAnObject: BadBody[] = ['null', 'true', '7', '"text"', '[]', `[${plain('"payload":1')}]`].map((body) => ({
  name: `the JSON value ${body.slice(0, 20)}`,
  body,
  status: 400,
}));

const notKept: BadBody[] = [
  { name: 'a number with 20 digits', body: plain('"payload":{"n":12345678901234567890}'), status: 400, pointer: '/payload/n' },
  { name: 'a number that rounds', body: plain('"metadata":{"n":[0,9007199254740993]}'), status: 400, pointer: '/metadata/n/1' },
  { name: 'a number beyond all doubles', body: plain('"payload":1e999'), status: 400, pointer: '/payload' },
  { name: 'a name twice', body: '{"type":"text.reverse","type":"plain"}', status: 400, pointer: '/type' },
  { name: 'a name twice, once escaped', body: '{"type":"text.reverse","\\u0074ype":"plain"}', status: 400, pointer: '/type' },
  { name: 'a name twice deep inside', body: plain('"payload":[{"a":1,"b":2,"a":1}]'), status: 400, pointer: '/payload/0/a' },
  { name: '__proto__ at the top', body: '{"__proto__":{"title":"t","description":"d"},"payload":{}}', status: 400 },
  { name: '__proto__ inside', body: plain('"metadata":{"__proto__":{"admin":true}}'), status: 400 },
  { name: '__proto__ escaped', body: plain('"metadata":{"\\u005f_proto__":{}}'), status: 400 },
  { name: 'constructor.prototype', body: plain('"metadata":{"constructor":{"prototype":{"x":1}}}'), status: 400 },
  { name: '20,000 nested objects', body: plain(`"payload":${'{"a":'.repeat(2e4)}1${'}'.repeat(2e4)}`), status: [400, 413] },
  { name: '100,000 nested arrays', body: plain(`"payload":${'['.repeat(1e5)}${']'.repeat(1e5)}`), status: [400, 413] },
  { name: '500,000 nested arrays without an end', body: plain(`"payload":${'['.repeat(5e5)}`), status: [400, 413] },
  { name: 'one byte more than the limit', body: paddedTo(BODY_LIMIT + 1), status: 413 },
  { name: 'three times the limit', body: paddedTo(BODY_LIMIT * 3), status: 413 },
];

const wrongMembers: BadBody[] = [
  ['a NUL in the type', '"type":"x\\u0000y"', '/type'],
  ['a bidi override in the type', '"type":"abc\u202egnp.exe"', '/type'],
  ['an escape sequence in the type', '"type":"\\u001b[2J"', '/type'],
  ['the type __proto__', '"type":"__proto__"', '/type'],
  ['the type constructor', '"type":"constructor"', '/type'],
  ['the type hasOwnProperty', '"type":"hasOwnProperty"', '/type'],
  ['a list as type', '"type":["plain"]', '/type'],
  ['an object with a length as type', '"type":{"length":3}', '/type'],
  ['an empty type', '"type":""', '/type'],
  ['50,000 letters and a mark as type', `"type":"${'a'.repeat(50_000)}!"`, '/type'],
  ['a type that does not exist', '"type":"no.such"', '/type'],
  ['a type in capitals', '"type":"Text.Reverse"', '/type'],
  ['a priority in quotes', '"priority":"9"', '/priority'],
  ['a number as priority', '"priority":256', '/priority'],
  ['a priority of every object', '"priority":"toString"', '/priority'],
  ['a negative delay', '"delay_seconds":-5', '/delay_seconds'],
  ['a delay in quotes', '"delay_seconds":"5"', '/delay_seconds'],
  ['a delay of a thousand years', '"delay_seconds":31556952000', '/delay_seconds'],
  ['a time in the year 10000', '"run_at":"+010000-01-01T00:00:00Z"', '/run_at'],
  ['a time without an offset', '"run_at":"2027-01-01T00:00:00"', '/run_at'],
  ['a day that does not exist', '"run_at":"2027-02-30T00:00:00Z"', '/run_at'],
  ['a number as time', '"run_at":1800000000', '/run_at'],
  ['a time and a delay', '"run_at":"2027-01-01T00:00:00Z","delay_seconds":1', '/run_at'],
  ['a limit of no time', '"timeout_seconds":0', '/timeout_seconds'],
  ['no attempts', '"max_attempts":0', '/max_attempts'],
  ['a wait of less than no time', '"retry":{"first_delay_seconds":-1}', '/retry/first_delay_seconds'],
  ['half an attempt', '"max_attempts":1.5', '/max_attempts'],
  ['metadata that is a list', '"metadata":[1]', '/metadata'],
  ['tags that are a text', '"tags":"blue"', '/tags'],
  ['a tag twice', '"tags":["blue","blue"]', '/tags'],
  ['a tag with a space behind it', '"tags":["blue "]', '/tags'],
  ['a member that nobody knows', '"urgent":true', '/urgent'],
  ['a member that every object has', '"constructor":{}', '/constructor'],
  ['another one that every object has', '"toString":null', '/toString'],
  ['the status', '"status":"COMPLETED"', '/status'],
  ['an id', '"task_id":"01900000-0000-7000-8000-000000000000"', '/task_id'],
].map(([name, members, pointer]) => ({ name: name!, body: plain(members!), status: 400, pointer }));

const wrongTexts: BadBody[] = [
  ['no title', '{"description":"d"}', '/title'],
  ['an empty title', '{"title":"","description":"d"}', '/title'],
  ['a title of 256 characters', `{"title":"${'x'.repeat(256)}","description":"d"}`, '/title'],
  ['a NUL in the title', '{"title":"a\\u0000b","description":"d"}', '/title'],
  ['a line end in the title', '{"title":"a\\nb","description":"d"}', '/title'],
  ['a bidi override in the title', '{"title":"abc\u202egnp.exe","description":"d"}', '/title'],
  ['half of a surrogate pair in the title', '{"title":"\\ud800","description":"d"}', '/title'],
  ['no description', '{"title":"t"}', '/description'],
  ['a number as description', '{"title":"t","description":7}', '/description'],
  ['a NUL in the description', '{"title":"t","description":"\\u0000"}', '/description'],
  ['a description of 10,001 characters', `{"title":"t","description":"${'x'.repeat(10_001)}"}`, '/description'],
].map(([name, body, pointer]) => ({ name: name!, body: body!, status: 400, pointer }));

/** Every body of `POST /api/tasks` that must be refused. */
export const BAD_BODIES: BadBody[] = [...notJson, ...notAnObject, ...notKept, ...wrongMembers, ...wrongTexts];

/** A body of so many bytes that is right but for its length. */
export function paddedTo(bytes: number, tag = 'padded'): string {
  const frame = plain(`"tags":["${tag}"],"payload":""`);
  return frame.replace('"payload":""', `"payload":"${'x'.repeat(bytes - frame.length)}"`);
}
