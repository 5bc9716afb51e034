import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { keysOf, newSecret } from './secrets.js';
import { signatureHeaders } from './signature.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Of Standard Webhooks' own tests and specification, and what its libraries compute. */
const VECTORS = [
  ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
  [
    'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
    1674087231,
    '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}',
    'v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ=',
  ],
  ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '', 'v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A='],
  [
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    '{"emoji":"\u{1f600}","e":"\u00e9","zh":"\u4efb\u52a1"}',
    'v1,vZcsPBhWj9n24SSLzI1CGNAXC/ON3WFKMQHDJlHkMAQ=',
  ],
] as const;

describe('signatureHeaders', () => {
  it.each(VECTORS)('signs %s at %i with the known signature', (id, timestamp, body, signature) => {
    expect(signatureHeaders({ id, timestamp, body }, keysOf(SECRET))).toEqual({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    });
  });

  it('is verified by the public library with either secret while they are rotated', () => {
    const [old, fresh] = [newSecret(), newSecret()];
    const signed = { id: 'msg_1', timestamp: Math.floor(Date.now() / 1000), body: '{"a":"\\ud800"}' };
    const headers = signatureHeaders(signed, keysOf(`${fresh}, ${old}`));

    expect(new Webhook(old).verify(signed.body, headers)).toEqual({ a: '\ud800' });
    expect(new Webhook(fresh).verify(signed.body, headers)).toEqual({ a: '\ud800' });
    expect(() => new Webhook(newSecret()).verify(signed.body, headers)).toThrow();
  });
});
