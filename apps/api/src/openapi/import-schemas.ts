import { ImportOptions } from '@app/records';
import { STATUSES, classSchema, type JsonSchema } from '@app/tasks';
import { UploadForm } from '../uploads/form.js';

const id = { type: 'string', format: 'uuid' };
const instant = { type: 'string', format: 'date-time' };
const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const page = (name: string): JsonSchema =>
  closed({
    items: list({ $ref: `#/components/schemas/${name}` }),
    next_page_token: {
      type: ['string', 'null'],
      description: 'For the next page; null at the end. A page may be short, even empty, and still have a next one.',
    },
  });
const bytes = closed({ done: count, total: count });

function closed(properties: Record<string, JsonSchema>, description?: string): JsonSchema {
  return { type: 'object', description, properties, required: Object.keys(properties), additionalProperties: false };
}

/** The schemas of uploads and of what becomes of them, by name. */
export function importSchemas(): Record<string, JsonSchema> {
  const { properties, ...form } = classSchema(UploadForm);
  return {
    ImportOptions: { ...classSchema(ImportOptions), description: 'What a client says about its files; the rest is found out.' },
    Upload: {
      ...form,
      properties: {
        ...(properties as object),
        options: {
          type: 'string',
          contentMediaType: 'application/json',
          contentSchema: { $ref: '#/components/schemas/ImportOptions' },
        },
        file: {
          ...list({ type: 'string', contentMediaType: 'application/octet-stream' }),
          description: 'Any number, of any name.',
        },
      },
      additionalProperties: true,
    },
    UploadAccepted: closed({
      batch_id: id,
      message: text,
      dataset: text,
      items: list(closed({ task_id: id, file: text, size: count, status: { const: 'PENDING' } }, 'In the order of the files.')),
    }),
    UploadBatch: closed({
      batch_id: id,
      dataset: text,
      finished: { type: 'boolean', description: 'Every task has come to its end.' },
      tasks: closed(Object.fromEntries(STATUSES.map((status) => [status, count])), 'How many tasks have which status.'),
      records: count,
      errors: { ...count, description: 'Rows that could not be taken over.' },
      bytes,
      items: list(closed({ task_id: id, file: text, status: { enum: STATUSES }, records: count, errors: count, bytes })),
    }),
    Dataset: closed({
      dataset_id: text,
      files: count,
      records: count,
      archived: { ...count, description: 'Rows that are in archives only.' },
      errors: count,
      fields: list(text),
      created_at: instant,
      updated_at: instant,
    }),
    DatasetPage: page('Dataset'),
    Record: closed({ task_id: id, row: { type: 'integer', minimum: 1 }, data: { type: 'object' } }),
    RecordPage: page('Record'),
    RecordError: closed({
      task_id: id,
      file: text,
      row: { type: 'integer', minimum: 1 },
      line: { type: ['integer', 'null'], description: 'The line the row begins in; null in files without lines.' },
      reason: text,
      text: { type: 'string', description: 'The beginning of what stands there.' },
    }),
    RecordErrorPage: page('RecordError'),
  };
}
