import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '@app/config';

/**
 * The name of the session's cookie. Browsers take `__Host-` from https only, so that nobody else can have set it. Plain http is for
 * this machine: there the name goes without.
 */
export function cookieName(request: FastifyRequest): string {
  return isPlain(request) ? 'taskwell' : '__Host-taskwell';
}

export function setCookie(request: FastifyRequest, reply: FastifyReply, token: string, seconds: number): void {
  const secure = isPlain(request) ? '' : '; Secure';
  reply.header('set-cookie', `${cookieName(request)}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`);
}

export function clearCookie(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, '', 0);
}

function isPlain({ protocol, hostname }: FastifyRequest): boolean {
  return protocol === 'http' && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
}
