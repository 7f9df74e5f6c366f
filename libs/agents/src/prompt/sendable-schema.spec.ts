import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Json, JsonObject } from '@baton/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemaOf, modelOutputs } from '../task/outputs.js';
import { unsendablePart } from './sendable-schema.js';

const WORKFLOWS = new URL('../../../../workflows/', import.meta.url);
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const tree = { type: 'object', properties: { child: { $ref: '#/$defs/Tree' } } };

describe('an output schema', () => {
  it.each<readonly [string, JsonObject]>([
    ['of types', object({ a: { type: 'string' }, b: { type: 'array', items: { type: 'number' } } })],
    ['of literals without a type', object({ mood: { enum: ['good', 1, null] }, kind: { const: 'mail' } })],
    ['with choices', object({ a: { anyOf: [{ type: 'null' }, { type: 'string' }] } })],
    ['with definitions, one used twice', { ...object({ a: ref('A'), b: ref('A') }), $defs: { A: { type: 'string' } } }],
    ['of an object that is empty on purpose', { type: 'object', additionalProperties: false }],
  ])('%s can be sent', (_, schema) => {
    expect(unsendablePart(schema)).toBeNull();
  });

  it.each<readonly [string, JsonObject, string]>([
    ['a member without a type', object({ data: {} }), '/properties/data has no type'],
    ['a member that may be anything', object({ data: true }), '/properties/data is true, which has no type'],
    ['items without a type', { type: 'array', items: { minimum: 1 } }, '/items has no type'],
    ['a choice without a type', { anyOf: [{ type: 'null' }, {}] }, '/anyOf/1 has no type'],
    ['literals that are lists', object({ a: { enum: [[1]] } }), '/properties/a has no type'],
    ['an object of any members', object({ a: { type: 'object' } }), '/properties/a is an object that names no members'],
    [
      'a map',
      object({ a: { type: 'object', additionalProperties: { type: 'number' } } }),
      '/properties/a is an object that names no members',
    ],
    ['a part of a definition', { ...ref('A'), $defs: { A: object({ b: {} }) } }, '/$defs/A/properties/b has no type'],
    ['an unused definition', { type: 'string', $defs: { A: {} } }, '/$defs/A has no type'],
    ['a definition that contains itself', { ...ref('Tree'), $defs: { Tree: tree } }, 'which contains itself'],
    ['a reference to elsewhere', { $ref: 'https://example.org/a.json' }, 'leads to #/$defs only'],
  ])('with %s cannot', (_, schema, problem) => {
    expect(unsendablePart(schema)).toContain(problem);
  });

  it('of the agents and of the shipped workflows can be sent', async () => {
    for (const name of ['Plan', 'Review', 'Implementation', 'Refinement', 'Advice', 'Text'] as const) {
      expect(Object.keys(modelOutputs)).toContain(name);
      expect(unsendablePart(jsonSchemaOf(name)), name).toBeNull();
    }
    const files = (await readdir(WORKFLOWS)).filter((name) => name.endsWith('.yaml'));
    const schemas = (
      await Promise.all(files.map(async (name) => parse(await readFile(new URL(name, WORKFLOWS), 'utf8'))))
    ).flatMap(outputsIn);
    expect(schemas.length, fileURLToPath(WORKFLOWS)).toBeGreaterThan(5);
    for (const schema of schemas) expect(unsendablePart(schema), JSON.stringify(schema)).toBeNull();
  });
});

function ref(name: string): JsonObject {
  return { $ref: `#/$defs/${name}` };
}

/** Every schema that a task of the prompt worker is given, at any depth. */
function outputsIn(value: Json): readonly JsonObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = JsonObject.safeParse(value);
  const args = own.success ? JsonObject.safeParse(own.data.Arguments) : own;
  const output = args.success ? JsonObject.safeParse(args.data.output) : args;
  const isPrompt = own.success && own.data.Resource === 'baton:worker:prompt';
  return [...(isPrompt && output.success ? [output.data] : []), ...Object.values(value).flatMap(outputsIn)];
}
