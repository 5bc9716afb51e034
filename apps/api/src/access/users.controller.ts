import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import { Lock, Users, actorOf, type Principal } from '@app/access';
import type { FastifyReply } from 'fastify';
import { HttpProblem } from '../http/http-problem.js';
import * as docs from '../openapi/access.docs.js';
import { isTaskId } from '../tasks/task-id.js';
import { UserChangeRequest, UserRequest, read, userChangeOf } from './access.requests.js';
import { userView, type UserView } from './access.views.js';
import { Caller, Needs } from './needs.js';

/** Who logs in, and as what. */
@Controller('api/users')
export class UsersController {
  constructor(
    @Inject(Users) private readonly users: Users,
    @Inject(Lock) private readonly lock: Lock,
  ) {}

  @Needs('admin')
  @docs.ListUsers()
  @Get()
  async list(): Promise<{ items: UserView[] }> {
    return { items: (await this.users.list()).map(userView) };
  }

  @Needs('admin')
  @docs.CreateUser()
  @Post()
  @HttpCode(201)
  async create(
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserView> {
    const user = await this.users.make(read(UserRequest, body), actorOf(caller));
    this.lock.forget();
    reply.header('location', `/api/users/${user.id}`);
    return userView(user);
  }

  @Needs('admin')
  @docs.ChangeUser()
  @Patch(':user_id')
  async change(@Param('user_id') id: string, @Body() body: unknown, @Caller() caller: Principal): Promise<UserView> {
    const user = await this.users.change(readUserId(id), userChangeOf(read(UserChangeRequest, body)), actorOf(caller));
    this.lock.forget();
    return userView(user);
  }

  @Needs('admin')
  @docs.DeleteUser()
  @Delete(':user_id')
  @HttpCode(204)
  async delete(@Param('user_id') id: string, @Caller() caller: Principal): Promise<void> {
    await this.users.delete(readUserId(id), actorOf(caller));
  }
}

function readUserId(text: string): string {
  if (!isTaskId(text.toLowerCase())) throw new HttpProblem(404, 'user_not_found', 'There is no user with this id.');
  return text.toLowerCase();
}
