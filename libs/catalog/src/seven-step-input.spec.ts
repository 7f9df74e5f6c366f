import { readFileSync } from 'node:fs';
import type { JsonObject } from '@baton/contracts';
import { checkValue } from '@baton/threads';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const shipped = parse(readFileSync(new URL('../../../workflows/seven-step.yaml', import.meta.url), 'utf8'));
const findings = (input: JsonObject) =>
  checkValue(JSON.stringify(shipped.input), { requirements: 'x', ...input }).map(
    ({ pointer, detail }) => `${pointer} ${detail}`,
  );
const tree = 'a'.repeat(64);

describe('the input of the seven steps', () => {
  test.each<[string, JsonObject]>([
    ['no workspace', {}],
    ['a workspace of its own', { workspace: { tree } }],
    ['a lineage', { workspaceType: 'shared', workspace: { tree, lineage: 'shop' } }],
    ['files that others work on, too', { workspaceType: 'shared', files: [] }],
  ])('takes %s', (_, input) => {
    expect(findings(input)).toEqual([]);
  });

  test.each<[string, JsonObject, string[]]>([
    ['a lineage in an isolated run', { workspace: { tree, lineage: 'shop' } }, ['/workspaceType is required']],
    [
      'a lineage in a run that says isolated',
      { workspaceType: 'isolated', workspace: { tree, lineage: 'shop' } },
      ['/workspaceType must be "shared"'],
    ],
    [
      'a shared workspace without a lineage',
      { workspaceType: 'shared', workspace: { tree } },
      ['/workspace/lineage is required'],
    ],
    [
      'a name that is none',
      { workspaceType: 'shared', workspace: { tree, lineage: 'My Shop' } },
      ['/workspace/lineage must match pattern'],
    ],
  ])('refuses %s, and points at it', (_, input, wanted) => {
    expect(findings(input)).toEqual(wanted.map((each) => expect.stringContaining(each)));
  });
});
