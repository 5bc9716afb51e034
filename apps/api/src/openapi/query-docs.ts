import { ApiQuery } from '@nestjs/swagger';
import { classSchema, type JsonSchema } from '@app/tasks';

/** The parameters of a query class. */
export function queryDocs(type: new () => object): MethodDecorator[] {
  const properties = classSchema(type)['properties'] as Record<string, JsonSchema>;
  return Object.entries(properties).map(([name, { description, ...schema }]) =>
    ApiQuery({ name, required: false, description: description as string, schema }),
  );
}
