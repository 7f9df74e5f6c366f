import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { controllerRoutes } from '../testing/controller-routes.js';
import { type OpenApi, openApiDocument } from './document.js';
import { OPENAPI_FILE } from './document-file.js';
import { OPERATIONS } from './operations.js';

const document = openApiDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
);

async function lint(source: OpenApi): Promise<readonly string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(source), absoluteRef: OPENAPI_FILE, config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
}

/** Of another protocol, which describes itself: its own clients ask it for its tools, and for the schemas of these. */
const DESCRIBES_ITSELF = 'POST /mcp';

test('every route of a controller is in the document, and no other', () => {
  const routes = controllerRoutes();
  expect(routes).toContain(DESCRIBES_ITSELF);
  const described = routes.filter((route) => route !== DESCRIBES_ITSELF);
  expect(Object.keys(OPERATIONS).toSorted()).toEqual(described.toSorted());
});

// Parsed, not as text: the formatter of the repository decides about line breaks.
test('openapi.json is what the code says; otherwise run write-document and the formatter', () => {
  expect(JSON.parse(readFileSync(OPENAPI_FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
});

describe('Redocly', () => {
  test('finds nothing in it, not even a warning, but that two routes only lead a browser elsewhere', async () => {
    const leading = ['start', 'callback'].map(
      (name) =>
        `operation-2xx-response #/paths/~1v1~1auth~1oidc~1${name}/get/responses: Operation must have at least one \`2XX\` response.`,
    );
    expect(await lint(document)).toEqual(leading);
  });

  test('would find what is wrong', async () => {
    const { '/livez': _, ...paths } = document.paths;
    const twice = {
      ...paths,
      '/a': document.paths['/v1/runs'] ?? {},
      '/b/{id}': document.paths['/v1/workflows'] ?? {},
    };
    const found = (await lint({ ...document, paths: twice })).join('\n');
    expect(found).toContain('operation-operationId-unique');
    expect(found).toContain('path-parameters-defined');
  });
});

describe('every operation', () => {
  test.each(operations)('%s says who may use it, and how it refuses', (route, { responses, ...said }) => {
    expect(said).toMatchObject({ operationId: expect.any(String), summary: expect.any(String) });
    if (
      !/ \/(livez|readyz|openapi\.json|v1\/auth\/(options|oidc\/start|oidc\/callback))$|^POST \/(v1\/auth\/session|hooks\/\{hook\})$/.test(
        route,
      )
    )
      expect(said).toMatchObject({ 'x-baton-roles': expect.arrayContaining(['admin']) });
    else expect(said).toMatchObject({ security: [] });
    for (const [status, response] of Object.entries(responses)) {
      if (Number(status) >= 400)
        expect(response).toEqual({ $ref: expect.stringMatching(/^#\/components\/responses\//) });
    }
    expect(Object.keys(responses).filter((status) => Number(status) < 400).length).toBeGreaterThan(0);
  });
});

test('an answer may get more members; what is sent may not', () => {
  const { schemas } = document.components;
  expect(schemas.RunDetail).not.toHaveProperty('additionalProperties');
  expect(schemas.SubmitRunBody).toMatchObject({ additionalProperties: false });
});

test('whatever has a following page takes the cursor of it, as a text that says nothing, and links to it', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()));
  const listing = Object.entries<Record<string, object>>(document.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: it is JSON of any shape; expect() checks it.
    Object.entries(methods).flatMap(([method, operation]: [string, any]) => {
      const ref: string = operation.responses['200']?.content?.['application/json']?.schema?.$ref ?? '';
      const { properties, anyOf } = document.components.schemas[ref.split('/').at(-1) ?? ''] ?? {};
      const isPaged = 'next' in (properties ?? {}) || JSON.stringify(anyOf ?? []).includes('"next"');
      return isPaged ? [[`${method} ${path}`, operation] as const] : [];
    }),
  );
  expect(listing.length).toBeGreaterThan(8);
  for (const [route, { parameters, responses }] of listing) {
    const cursor = parameters.find(({ name }: { name: string }) => name === 'cursor');
    expect([route, cursor?.schema?.type]).toEqual([route, 'string']);
    // A backtest has a body, which no link carries.
    if (route.startsWith('get ')) expect([route, responses['200'].headers?.Link !== undefined]).toEqual([route, true]);
  }
});
