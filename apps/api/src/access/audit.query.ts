import { IsOptional, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { PageQuery } from '../tasks/list.query.js';

/** The parameters of a page of the audit. */
export class AuditQuery extends PageQuery {
  @JSONSchema({ description: 'The id or the name of a user or key.' })
  @IsOptional()
  @Matches(/^[^\p{Cc}\p{Cs}]{1,255}$/u, { message: 'must be the id or the name of a user or key' })
  actor?: string;

  @JSONSchema({ description: 'What was done, such as task.cancel.' })
  @IsOptional()
  @Matches(/^[a-z_]{1,30}\.[a-z_]{1,30}$/, { message: 'must be an action such as task.cancel' })
  action?: string;
}
