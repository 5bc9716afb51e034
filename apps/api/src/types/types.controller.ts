import { Controller, Get, Inject, Param } from '@nestjs/common';
import { HandlerRegistry } from '@app/tasks';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/types.docs.js';
import { HttpProblem } from '../http/http-problem.js';
import { typeView, type TypeView } from './type.view.js';

/** Says which types of tasks there are and what they take. */
@Controller('api/types')
export class TypesController {
  private readonly views: ReadonlyMap<string, TypeView>;

  constructor(@Inject(HandlerRegistry) registry: HandlerRegistry) {
    this.views = new Map(registry.all().map((type) => [type.type, typeView(type)]));
  }

  @Needs('tasks:read', { heedsTypes: true })
  @docs.ListTypes()
  @Get()
  list(): { items: TypeView[] } {
    return { items: [...this.views.values()] };
  }

  @Needs('tasks:read', { heedsTypes: true })
  @docs.FindType()
  @Get(':type')
  find(@Param('type') name: string): TypeView {
    const view = this.views.get(name);
    if (!view) throw new HttpProblem(404, 'type_not_found', 'There is no task type with this name.');
    return view;
  }
}
