import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answer } from './http.js';

interface Operation {
  responses: Record<string, Response | { $ref: string }>;
}

interface Response {
  content?: Record<string, { schema?: object }>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

/** The document and the page that shows it do not describe themselves. */
const NOT_DESCRIBED = /^\/(openapi\.json|docs)(\/|$)/;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The served OpenAPI document, held against real answers. */
export class Description {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly checks = new Map<string, ValidateFunction>();
  private readonly paths: { template: string; pattern: RegExp; operations: Record<string, Operation> }[];

  constructor(readonly document: Document) {
    addFormats.default(this.ajv);
    this.ajv.addSchema(closed(document) as object, 'api', undefined, false);
    this.paths = Object.entries(document.paths).map(([template, operations]) => ({
      template,
      pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
      operations,
    }));
  }

  /** `GET /api/tasks/{task_id}` and the like, of all that the document describes. */
  routes(): string[] {
    return this.paths.flatMap(({ template, operations }) =>
      METHODS.filter((method) => operations[method]).map((method) => `${method.toUpperCase()} ${template}`),
    );
  }

  /** The described route that a request met; undefined if there is none. */
  routeOf({ method, path }: Pick<Answer, 'method' | 'path'>): string | undefined {
    const found = this.match(method, path);
    return found && `${method} ${found.template}`;
  }

  /** What an answer has that the document does not say; null if it says all. Answers to paths and methods that do not exist are not looked at. */
  objection(answer: Answer): string | null {
    if (NOT_DESCRIBED.test(answer.path)) return null;
    const found = this.match(answer.method, answer.path);
    if (!found)
      return [404, 405].includes(answer.status) || answer.method === 'OPTIONS'
        ? null
        : this.complain(answer, 'the route is not described');
    const { responses } = found.operations[answer.method.toLowerCase()]!;
    const key = [String(answer.status), `${String(answer.status)[0]}XX`, 'default'].find((name) => name in responses);
    if (!key) return this.complain(answer, 'the status is not described');

    const at = `#/paths/${escape(found.template)}/${answer.method.toLowerCase()}/responses/${key}`;
    const { pointer, response } = this.resolve(at, responses[key]!);
    const type = answer.headers['content-type']?.split(';', 1)[0];
    if (answer.text === '')
      return response.content && answer.status !== 304 ? this.complain(answer, 'a body is described, but none came') : null;
    if (type && response.content?.['*/*']) return null;
    if (!type || !response.content?.[type]) return this.complain(answer, `the type ${type} is not described`);
    // NDJSON is described as a type, but not line by line.
    if (!/json$/.test(type) || !response.content[type].schema) return null;

    const check = this.check(`api${pointer}/content/${escape(type)}/schema`);
    return check(answer.body) ? null : this.complain(answer, this.ajv.errorsText(check.errors));
  }

  private match(method: string, path: string) {
    const bare = path.split('?', 1)[0]!;
    const fitting = this.paths.filter(({ pattern, operations }) => pattern.test(bare) && operations[method.toLowerCase()]);
    return fitting.sort((a, b) => a.template.split('{').length - b.template.split('{').length)[0];
  }

  private resolve(at: string, response: Response | { $ref: string }): { pointer: string; response: Response } {
    if (!('$ref' in response)) return { pointer: at, response };
    const steps = response.$ref.slice(2).split('/');
    const found = steps.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], this.document);
    return { pointer: response.$ref, response: found as Response };
  }

  private check(ref: string): ValidateFunction {
    const known = this.checks.get(ref) ?? this.ajv.compile({ $ref: ref });
    this.checks.set(ref, known);
    return known;
  }

  private complain({ method, path, status, text }: Answer, what: string): string {
    return `${method} ${path.slice(0, 80)} → ${status}: ${what}. Answer: ${text.slice(0, 200)}`;
  }
}

/** The document with every described object closed, so that a member nobody described is an objection too. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closed(value)]));
  const isOpenObject = copy.properties && copy.type === 'object' && copy.additionalProperties === undefined;
  return isOpenObject ? { ...copy, additionalProperties: false } : copy;
}

function escape(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
