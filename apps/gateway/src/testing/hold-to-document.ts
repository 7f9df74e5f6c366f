import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../openapi/document.js';

/*
 * Every answer that a test gets is held to the description of the API: its status and its type are described there, and JSON
 * has the members that its schema names, and no other. So the document is as true as the tests are many.
 */

interface Said {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly $ref?: string;
}

const document = openApiDocument();
const ajv = new Ajv2020({ strict: false, allErrors: false });
formats.default(ajv);
ajv.addSchema(JSON.parse(JSON.stringify(closed(document))), 'answers');
// A problem may say more than its fields: RFC 9457 calls them extensions.
ajv.addSchema(JSON.parse(JSON.stringify(document)), 'problems');
const compiled = new Map<string, ValidateFunction>();

/** As it is, with objects that have no member but those that are named: the document says less, for clients of tomorrow. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isOpen = members.type === 'object' && 'properties' in members && !('additionalProperties' in members);
  return isOpen ? { ...members, additionalProperties: false } : members;
}

const patterns = Object.keys(document.paths).map((path) => ({
  path,
  pattern: new RegExp(
    `^${path
      .replaceAll('.', '\\.')
      .replaceAll(/\{path\}/g, '.+')
      .replaceAll(/\{\w+\}/g, '[^/]+')}/?$`,
  ),
  /** The more is fixed, the better it fits: `/v1/workflows/validate` is no name of a workflow. */
  fixed: path.replaceAll(/\{\w+\}/g, '').length,
}));

function pathOf(pathname: string, method: string): string | undefined {
  return patterns
    .filter(({ path, pattern }) => pattern.test(pathname) && method in (document.paths[path] ?? {}))
    .toSorted((a, b) => b.fixed - a.fixed)[0]?.path;
}

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** @throws Error that says what of the answer is not described */
export function holdToDocument(method: string, url: string, response: Response, body: unknown): void {
  const verb = method.toLowerCase();
  const path = pathOf(new URL(url).pathname, verb);
  // Where nothing is, or the method is none of it, there is nothing to hold an answer to.
  if (path === undefined || [404, 405].includes(response.status) || response.status === 408) return;
  const said: Said | undefined = document.paths[path]?.[verb]?.responses[response.status];
  const where = `${method} ${path} ${response.status}`;
  if (said === undefined) throw new Error(`${where} is not in the description of the API: ${JSON.stringify(body)}`);
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (said.$ref !== undefined) {
    if (type !== 'application/problem+json') throw new Error(`${where} should be a problem, and is ${type}`);
    check('problems', `${said.$ref}/content/${escaped(type)}/schema`, where, body);
    return;
  }
  if (said.content === undefined) return;
  if ('*/*' in said.content) return;
  if (said.content[type] === undefined) throw new Error(`${where} is ${type}, which is not described`);
  if (type === 'application/json') {
    check(
      'answers',
      `#/paths/${escaped(path)}/${verb}/responses/${response.status}/content/${escaped(type)}/schema`,
      where,
      body,
    );
  }
}

function check(within: 'answers' | 'problems', pointer: string, where: string, body: unknown): void {
  const validate = compiled.get(within + pointer) ?? ajv.compile({ $ref: `${within}${pointer}` });
  compiled.set(within + pointer, validate);
  if (validate(body)) return;
  throw new Error(`${where} is not as described: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`);
}
