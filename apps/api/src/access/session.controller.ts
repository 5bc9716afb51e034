import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { Lock, Sessions, Users, stranger, type Principal } from '@app/access';
import { Settings } from '@app/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/http-problem.js';
import * as docs from '../openapi/access.docs.js';
import { LoginRequest, PasswordRequest, SetupRequest, read } from './access.requests.js';
import { sessionView, type SessionView } from './access.views.js';
import { credentialsOf } from './credentials.js';
import { Caller, Public } from './needs.js';
import { clearCookie, cookieName, setCookie } from './session-cookie.js';

/** Logs people in and out, and tells a page what it may do. */
@Controller('api')
export class SessionController {
  constructor(
    @Inject(Lock) private readonly lock: Lock,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Users) private readonly users: Users,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Public({ asks: true })
  @docs.Session()
  @Get('session')
  async show(@Caller() caller: Principal): Promise<SessionView> {
    return sessionView(caller, await this.lock.get());
  }

  @Public({ asks: true, begins: true })
  @docs.LogIn()
  @Post('session')
  @HttpCode(200)
  async begin(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const { name, password } = read(LoginRequest, body);
    const { token: before } = credentialsOf(request.raw, cookieName(request));
    const { token, principal } = await this.sessions.begin({ name, password, address: request.ip, token: before });
    return this.give(token, principal, request, reply);
  }

  @Public({ asks: true })
  @docs.LogOut()
  @Delete('session')
  @HttpCode(204)
  async end(
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { token } = credentialsOf(request.raw, cookieName(request));
    if (caller.kind === 'user' && token !== null) await this.sessions.end(token, caller);
    clearCookie(request, reply);
  }

  @Public({ asks: true })
  @docs.ChangePassword()
  @Post('session/password')
  @HttpCode(200)
  async changePassword(
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    if (caller.kind !== 'user')
      throw new HttpProblem(401, 'unauthorized', 'Only a user who is logged in has a password to change.');
    const { password, new_password: next } = read(PasswordRequest, body);
    const { token, principal } = await this.users.changeOwnPassword(caller, { password, next, address: request.ip });
    return this.give(token, principal, request, reply);
  }

  @Public({ asks: true })
  @docs.SetUp()
  @Post('setup')
  @HttpCode(201)
  async setUp(@Body() body: unknown): Promise<SessionView> {
    await this.lock.setUp(read(SetupRequest, body));
    return sessionView(stranger([]), await this.lock.get());
  }

  private async give(token: string, principal: Principal, request: FastifyRequest, reply: FastifyReply): Promise<SessionView> {
    setCookie(request, reply, token, this.settings.sessionHours * 3_600);
    return sessionView(principal, await this.lock.get());
  }
}
