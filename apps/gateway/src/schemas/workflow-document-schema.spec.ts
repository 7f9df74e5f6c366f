import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDefinition } from '@baton/asl';
import { checkDocument, parseYaml } from '@baton/catalog/check';
import { checkSchema, checkValue } from '@baton/threads';
import { workflowDocumentSchema } from '@baton/workflow';
import { describe, expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../../../..');
const schema = JSON.stringify(workflowDocumentSchema());
const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');

const around = (definition: unknown) => ({ name: 'a', version: '1.0.0', title: 'A', definition });
const valid = { StartAt: 'A', States: { A: { Type: 'Succeed' } } };

describe('the schema of a workflow document', () => {
  test('is a schema', () => {
    expect(checkSchema(schema)).toEqual([]);
  });

  test.each(globSync('workflows/*.yaml', { cwd: REPOSITORY }))('takes %s, which ships', (path) => {
    expect(checkValue(schema, parseYaml(read(path)) as never)).toEqual([]);
  });

  test('takes every recorded definition that the checks take', () => {
    const cases: { id: string; definition: unknown }[] = [
      ...JSON.parse(read('libs/asl-conformance/cases/cases.json')),
      ...JSON.parse(read('libs/asl-conformance/cases/invalid.json')),
    ];
    const taken = cases
      .map(({ id, definition }) => ({ id, json: typeof definition === 'string' ? textOrJson(definition) : definition }))
      .filter(({ json }) => parseDefinition(json).ok);
    expect(taken.length).toBeGreaterThan(100);
    const ofDefinition = JSON.stringify({ ...workflowDocumentSchema(), ...LOOSE });
    expect(
      taken.flatMap(({ id, json }) =>
        checkValue(ofDefinition, around(json) as never).map((wrong) => ({ id, ...wrong })),
      ),
    ).toEqual([]);
  });

  test.each([
    ['a member that there is not', { ...around(valid), colour: 'red' }],
    ['a state without a type', around({ StartAt: 'A', States: { A: { Next: 'B' } } })],
    ['a field of another type of state', around({ StartAt: 'A', States: { A: { Type: 'Pass', Choices: [] } } })],
    [
      'a field of the other language',
      around({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Pass', End: true, ResultPath: '$.a' } } }),
    ],
    ['a rule without Next', around({ StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{}] } } })],
    ['a mode that there is not', { ...around(valid), decisions: { mode: 'none' } }],
  ])('refuses %s, as the checks do', (_, document) => {
    expect(checkValue(schema, document as never)).not.toEqual([]);
    expect(checkDocument(document).ok).toBe(false);
  });

  test('has words for every member and every field', () => {
    const silent = membersIn('', workflowDocumentSchema()).filter(({ member }) => !isSaid(member));
    // What they are is said where they stand.
    expect(silent.map(({ at }) => at).filter((at) => !/\/(cache|budget|usual)\/\w+$/.test(at))).toEqual([]);
  });
});

interface Found {
  readonly at: string;
  readonly member: object;
}

/** Every member that some part of a schema has words for, or should have. */
function membersIn(at: string, part: unknown): readonly Found[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => {
    if (name === 'if') return [];
    if (name !== 'properties') return membersIn(`${at}/${name}`, value);
    return Object.entries(value as Readonly<Record<string, object>>).flatMap(([key, member]) => [
      { at: `${at}/${key}`, member },
      ...membersIn(`${at}/${key}`, member),
    ]);
  });
}

/** Its `Resource` may be any; here they are those of recorded executions elsewhere. */
const LOOSE = { $defs: { ...(workflowDocumentSchema().$defs as object), Resource: {} } };

const isSaid = (member: object): boolean => 'description' in member || '$ref' in member || 'const' in member;

function textOrJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
