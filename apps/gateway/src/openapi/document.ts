import { STATUS_CODES } from 'node:http';
import { isOpenRoute, rolesFor } from '../auth/route-roles.js';
import { ANSWERS, BODIES } from './components.js';
import { ANSWER_HEADERS, REQUEST_HEADERS } from './headers.js';
import { type Answer, type Operation, TAGS } from './operation.js';
import { OPERATIONS } from './operations.js';
import { PATH_PARAMETERS } from './path-parameters.js';
import { componentSchemas, type JsonSchema, parametersOf, referencesIn } from './schemas.js';

export interface OpenApi extends JsonSchema {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } & JsonSchema;
}

interface OpenApiOperation extends JsonSchema {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, JsonSchema>>;
}

/** Refusals that any route may give, by whether it asks for a key. */
const OF_ALL = [400, 403, 421, 429, 500, 503];
const WITH_KEY = [...OF_ALL, 401];
/** Of a path that holds something. */
const OF_PATH = [414];
/** Of a body, whether it is wanted or not. */
const OF_POST = [413, 415];

const isOpen = (route: string): boolean => {
  const [method = '', path = ''] = route.split(' ');
  return isOpenRoute(method, path);
};

/** `/v1/runs/:id` as `/v1/runs/{id}`; what takes the rest of a path, too. */
const templateOf = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');

/** OpenAPI 3.1 of all routes: made of the schemas that the handlers read with, and of what is said in `operations/`. */
export function openApiDocument(): OpenApi {
  const components = componentSchemas(ANSWERS, BODIES);
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [route, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = route.split(' ');
    const template = templateOf(path);
    paths[template] = { ...paths[template], [method.toLowerCase()]: describe(route, operation, components) };
  }
  const refusals = [
    ...new Set(Object.entries(OPERATIONS).flatMap(([route, operation]) => refusalsOf(route, operation))),
  ];
  const responses = Object.fromEntries(refusals.sort().map((status) => [nameOf(status), refusal(status)]));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Baton',
      version: '1.0.0',
      summary: 'Agentic workflows on a deterministic skeleton.',
      description:
        'Submit runs, follow and steer them, answer what they ask, and look into the log. Every refusal is problem details (RFC 9457) with a `code`, what is wrong, and what to do. Answers may get more members with time.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The gateway that serves this document.' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of `baton auth key create`, or the BATON_TOKEN of the gateway.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'baton_session',
          description:
            'Of a browser that is signed in (`POST /v1/auth/session`); `__Host-baton_session` over TLS. Whatever is no GET needs the header `x-baton-csrf` as well.',
        },
      },
      responses,
      schemas: used(components.schemas, { paths, responses }),
    },
  };
}

type Components = ReturnType<typeof componentSchemas>;

function describe(route: string, operation: Operation, components: Components): OpenApiOperation {
  const { id, tag, summary, description } = operation;
  const [method = '', path = ''] = route.split(' ');
  const body = bodyOf(operation, components);
  const parameters = parametersIn(path, operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(isOpen(route) ? { security: [] } : { 'x-baton-roles': [...new Set([...rolesFor(method, path), 'admin'])] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(answer, components)]),
      ),
      ...Object.fromEntries(
        refusalsOf(route, operation).map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }]),
      ),
    },
  };
}

const refusalsOf = (route: string, { refusals = [] }: Operation): readonly number[] =>
  [
    ...new Set([
      ...(isOpen(route) ? OF_ALL : WITH_KEY),
      ...(/[:*]/.test(route) ? OF_PATH : []),
      ...(route.startsWith('POST ') ? OF_POST : []),
      ...refusals,
    ]),
  ].sort();

/** `404` as `NotFound`. */
const nameOf = (status: number): string => (STATUS_CODES[status] ?? `Status${status}`).replaceAll(/[^A-Za-z]/g, '');

const refusal = (status: number): JsonSchema => ({
  description: `${STATUS_CODES[status]}: what is wrong, and what to do.`,
  ...([429, 503].includes(status)
    ? { headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } } }
    : {}),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

function parametersIn(path: string, { query, headers = [] }: Operation): readonly JsonSchema[] {
  const inPath = [...path.matchAll(/[:*](\w*)/g)].map(([, named]) => {
    const name = named || 'path';
    const known = PATH_PARAMETERS[`${path.split('/')[2]}/${name}`] ?? PATH_PARAMETERS[name];
    if (known === undefined) throw new Error(`the parameter ${name} of ${path} is not described`);
    return { name, in: 'path', required: true, description: known, schema: { type: 'string' } };
  });
  const inQuery = (query === undefined ? [] : parametersOf(query)).map(
    ([name, { description, ...schema }, required]) => ({
      name,
      in: 'query',
      ...(description === undefined ? {} : { description }),
      ...(required ? { required } : {}),
      schema,
    }),
  );
  return [...inPath, ...inQuery, ...headers.map((name) => ({ name, in: 'header', ...REQUEST_HEADERS[name] }))];
}

function bodyOf({ body, rawBody, isBodyOptional = false }: Operation, components: Components): JsonSchema | null {
  if (body === undefined && rawBody === undefined) return null;
  return {
    required: !isBodyOptional,
    ...(rawBody === undefined ? {} : { description: rawBody.description }),
    content: {
      ...(body === undefined ? {} : { 'application/json': { schema: components.refer(body, 'input') } }),
      ...Object.fromEntries((rawBody?.types ?? []).map((type) => [type, { schema: textSchema(type) }])),
    },
  };
}

/** In OpenAPI 3.1 bytes are described by their media type alone. */
const textSchema = (type: string): JsonSchema =>
  /^(text|application\/(yaml|x-ndjson))/.test(type) ? { type: 'string' } : { type: 'string', contentMediaType: type };

function answerOf({ description, schema, texts = {}, headers = [] }: Answer, components: Components): JsonSchema {
  const content = {
    ...(schema === undefined ? {} : { 'application/json': { schema: components.refer(schema, 'output') } }),
    ...Object.fromEntries(
      Object.entries(texts).map(([type, what]) => [type, { schema: { ...textSchema(type), description: what } }]),
    ),
  };
  return {
    description,
    ...(headers.length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            headers.map((name) => [name, { description: ANSWER_HEADERS[name], schema: { type: 'string' } }]),
          ),
        }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}

/** The schemas that something refers to, and those that they refer to themselves; by name. */
function used(schemas: Readonly<Record<string, JsonSchema>>, from: object): Readonly<Record<string, JsonSchema>> {
  const found = new Set<string>();
  const waiting = [...referencesIn(from)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...referencesIn(schemas[name] ?? {}));
  }
  return Object.fromEntries([...found].sort().map((name) => [name, schemas[name] ?? {}]));
}
