import { createHmac } from 'node:crypto';

/** What is signed: the very bytes that are sent. */
export interface Signable {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string;
}

/** The headers by which a receiver verifies a callback (Standard Webhooks 1.0): one signature per key. */
export function signatureHeaders({ id, timestamp, body }: Signable, keys: readonly Buffer[]): Record<string, string> {
  const sign = (key: Buffer) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': keys.map((key) => `v1,${sign(key)}`).join(' '),
  };
}
