import { ARCHIVE_KINDS, ARCHIVE_STATUSES } from '@app/archive';
import { RestoreArchive } from '@app/handlers';
import { classSchema, type JsonSchema } from '@app/tasks';
import { ArchiveRequest } from '../archives/archive.request.js';

const id = { type: 'string', format: 'uuid' };
const instant = { type: 'string', format: 'date-time' };
const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const maybe = (schema: JsonSchema): JsonSchema => ({ ...schema, type: [schema['type'], 'null'] });
const rows = (description: string) => closed(Object.fromEntries(ARCHIVE_KINDS.map((kind) => [kind, count])), description);

function closed(properties: Record<string, JsonSchema>, description?: string): JsonSchema {
  return { type: 'object', description, properties, required: Object.keys(properties), additionalProperties: false };
}

const PERIOD = {
  fiscal_year: { type: ['integer', 'null'], description: 'The year it begins in; null for any other period.' },
  period: closed({ from: instant, to: instant }, 'The end is no part of it.'),
  time_zone: text,
};

const ARCHIVE = {
  archive_id: { ...id, description: 'Also the id of the task that makes it.' },
  status: {
    enum: ARCHIVE_STATUSES,
    description:
      'VERIFIED: all files are kept as they were written. DELETING: what is archived is being deleted. COMPLETED: nothing is left to do. RESTORED: ' +
      'the rows are back.',
  },
  ...PERIOD,
  deletes: { type: 'boolean', description: 'Whether rows are deleted once they are archived.' },
  deleted: { ...count, description: 'What others refer to, or what changed since, stays.' },
  restored: { ...count, description: 'Rows that the latest restore put back.' },
  restore_task_id: maybe(id),
  manifest: { ...maybe(text), description: 'Where the file is that says what the archive holds.' },
  created_at: instant,
  updated_at: instant,
  verified_at: maybe(instant),
  completed_at: maybe(instant),
};

/** The schemas of archives, by name. */
export function archiveSchemas(): Record<string, JsonSchema> {
  const { days, tier } = classSchema(RestoreArchive)['properties'] as Record<string, JsonSchema>;
  return {
    NewArchive: classSchema(ArchiveRequest),
    ArchiveRestore: { type: 'object', properties: { days, tier }, additionalProperties: false },
    ArchiveAccepted: closed({ archive_id: id, task_id: id, message: text, status: { const: 'PENDING' } }),
    ArchivePreview: closed({
      ...PERIOD,
      rows: rows('What it would hold.'),
      would_delete: rows('Of that, what nothing refers to now; 0 unless ARCHIVE_DELETE is set.'),
    }),
    Archive: closed(ARCHIVE),
    ArchiveDetail: closed({
      ...ARCHIVE,
      rows: rows('What it holds.'),
      files: {
        type: 'array',
        items: closed({
          key: text,
          kind: { enum: ARCHIVE_KINDS },
          rows: count,
          size: count,
          sha256: text,
          storage_class: { type: ['string', 'null'], description: 'null in a folder.' },
        }),
      },
    }),
    ArchivePage: closed({
      items: { type: 'array', items: { $ref: '#/components/schemas/Archive' } },
      next_page_token: { type: ['string', 'null'], description: 'For the next page; null at the end.' },
    }),
  };
}
