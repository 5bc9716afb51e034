import { ROLES, SCOPES } from '@app/access';
import { classSchema, type JsonSchema } from '@app/tasks';
import {
  KeyRequest,
  LoginRequest,
  PasswordRequest,
  SetupRequest,
  UserChangeRequest,
  UserRequest,
} from '../access/access.requests.js';

const id = { type: 'string', format: 'uuid' };
const instant = { type: 'string', format: 'date-time' };
const text = { type: 'string' };
const maybe = (schema: JsonSchema): JsonSchema => ({ ...schema, type: [schema['type'], 'null'] });
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const scopes = list({ enum: SCOPES });
const role = { enum: ROLES };

function closed(properties: Record<string, JsonSchema>, description?: string): JsonSchema {
  return { type: 'object', description, properties, required: Object.keys(properties), additionalProperties: false };
}

const KEY = {
  key_id: id,
  name: text,
  prefix: { ...text, description: 'The beginning of the key.' },
  scopes,
  types: { ...maybe(list(text)), description: 'The only types of tasks that it may deal with; null for all.' },
  expires_at: maybe(instant),
  rate_limit: { type: ['integer', 'null'], description: 'Requests a minute; null for what the settings say.' },
  created_at: instant,
  last_used_at: { ...maybe(instant), description: 'To the minute.' },
};
const USER = closed({ user_id: id, name: text, role, disabled: { type: 'boolean' }, created_at: instant });

/** The schemas of users, sessions, keys and the audit, by name. */
export function accessSchemas(): Record<string, JsonSchema> {
  return {
    Login: classSchema(LoginRequest),
    PasswordChange: classSchema(PasswordRequest),
    Setup: classSchema(SetupRequest),
    NewUser: classSchema(UserRequest),
    UserChange: nullable(classSchema(UserChangeRequest), ['role', 'disabled', 'password']),
    NewApiKey: nullable(classSchema(KeyRequest), ['types', 'rate_limit', 'expires_at']),
    Session: closed({
      mode: { enum: ['open', 'locked'], description: 'Open: whoever reaches it may do everything.' },
      setup_needed: { type: 'boolean', description: 'True while there is no admin: only the setup works.' },
      user: { oneOf: [closed({ user_id: id, name: text, role }), { type: 'null' }] },
      scopes: { ...scopes, description: 'What this client may do.' },
      banner: { type: ['string', 'null'], description: 'What everybody who looks should know.' },
    }),
    User: USER,
    Users: closed({ items: list({ $ref: '#/components/schemas/User' }) }),
    ApiKey: closed(KEY),
    ApiKeys: closed({ items: list({ $ref: '#/components/schemas/ApiKey' }) }),
    MadeApiKey: closed({ ...KEY, key: { ...text, description: 'The key. It is shown this once.' } }),
    AuditPage: closed({
      items: list(
        closed({
          seq: { type: 'integer', minimum: 1, description: 'From 1, without gaps.' },
          at: instant,
          actor: closed({ kind: { enum: ['user', 'key', 'anonymous', 'system'] }, id: maybe(id), name: maybe(text) }),
          action: { ...text, description: 'Such as task.cancel.' },
          target: closed({ kind: text, id: maybe(text) }),
          detail: { type: 'object' },
          hash: { ...text, description: 'SHA-256 over the line and the hash of the line before.' },
        }),
      ),
      next_page_token: maybe(text),
    }),
  };
}

function nullable(schema: JsonSchema, names: string[]): JsonSchema {
  const properties = schema['properties'] as Record<string, JsonSchema>;
  const changed = names.map((name) => {
    const member = properties[name]!;
    const values = Array.isArray(member['enum']) ? { enum: [...(member['enum'] as unknown[]), null] } : {};
    return [name, { ...(member['type'] === undefined ? member : maybe(member)), ...values }];
  });
  return { ...schema, properties: { ...properties, ...Object.fromEntries(changed) } };
}
