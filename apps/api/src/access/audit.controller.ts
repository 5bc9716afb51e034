import { Controller, Get, Inject, Query } from '@nestjs/common';
import { AccessStore } from '@app/access';
import { InvalidRequest, validate } from '@app/tasks';
import * as docs from '../openapi/access.docs.js';
import { DEFAULT_PAGE_SIZE } from '../tasks/list.query.js';
import { pageToken, readSeqToken } from '../tasks/page-token.js';
import { auditLineView, type AuditLineView } from './access.views.js';
import { AuditQuery } from './audit.query.js';
import { Needs } from './needs.js';

/** Tells who did what. */
@Controller('api/audit')
export class AuditController {
  constructor(@Inject(AccessStore) private readonly store: AccessStore) {}

  @Needs('admin')
  @docs.ListAudit()
  @Get()
  async list(@Query() query: unknown): Promise<{ items: AuditLineView[]; next_page_token: string | null }> {
    const checked = validate(AuditQuery, query, '/query');
    if ('violations' in checked) throw new InvalidRequest(checked.violations);
    const { page_size, page_token, actor, action } = checked.value;
    const size = page_size === undefined ? DEFAULT_PAGE_SIZE : Number(page_size);
    const before = page_token === undefined ? undefined : readSeqToken(page_token);
    const lines = await this.store.audit({ actor, action, before }, size + 1);
    const page = lines.slice(0, size);
    return { items: page.map(auditLineView), next_page_token: pageToken(lines.length > size ? String(page.at(-1)!.seq) : null) };
  }
}
