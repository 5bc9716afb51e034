import { hash } from 'node:crypto';

/** The strong entity tag of a body. */
export function entityTag(body: string): string {
  return `"${hash('sha1', body, 'base64url')}"`;
}

/** True if `If-None-Match` (RFC 9110, 13.1.2) names the tag. */
export function namesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag);
}
