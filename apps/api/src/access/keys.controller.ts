import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { AccessStore, Keyring, actorOf, type Principal } from '@app/access';
import { HandlerRegistry } from '@app/tasks';
import { HttpProblem } from '../http/http-problem.js';
import * as docs from '../openapi/access.docs.js';
import { isTaskId } from '../tasks/task-id.js';
import { readKey } from './access.requests.js';
import { keyView, type KeyView } from './access.views.js';
import { Caller, Needs } from './needs.js';

/** The keys of programs. */
@Controller('api/keys')
export class KeysController {
  constructor(
    @Inject(Keyring) private readonly keyring: Keyring,
    @Inject(AccessStore) private readonly store: AccessStore,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  @Needs('admin')
  @docs.ListKeys()
  @Get()
  async list(): Promise<{ items: KeyView[] }> {
    return { items: (await this.store.keys()).map(keyView) };
  }

  @Needs('admin')
  @docs.CreateKey()
  @Post()
  @HttpCode(201)
  async create(@Body() body: unknown, @Caller() caller: Principal): Promise<KeyView & { key: string }> {
    const { key, text } = await this.keyring.make(readKey(body, this.registry), actorOf(caller));
    return { ...keyView(key), key: text };
  }

  @Needs('admin')
  @docs.DeleteKey()
  @Delete(':key_id')
  @HttpCode(204)
  async delete(@Param('key_id') id: string, @Caller() caller: Principal): Promise<void> {
    if (!isTaskId(id.toLowerCase())) throw new HttpProblem(404, 'key_not_found', 'There is no key with this id.');
    await this.keyring.delete(id.toLowerCase(), actorOf(caller));
  }
}
