import { existsSync } from 'node:fs';
import { type AgentEnv, startAgent, ToolReport } from '@baton/agents';
import { type JsonObject, TaskSucceeded } from '@baton/contracts';
import { WorkerFixture } from '@baton/worker/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { ValidatorModule } from './validator.module.js';

const hasSandbox = existsSync('/usr/bin/bwrap');

const BATON_PROMPTS_DIR: string[] = [];
const files = [
  { path: 'package.json', content: '{ "type": "module" }' },
  { path: 'one.ts', content: 'export const one = (): number => 1;\n' },
  {
    path: 'one.test.ts',
    content: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { one } from './one.ts';

test('is one', () => assert.equal(one(), 1));
`,
  },
];
const tools = { tools: true, language: 'typescript', files, testCommand: 'node --test', writtenBy: 'offline' };

describe('the validator service', () => {
  let fixture: WorkerFixture;
  beforeAll(async () => {
    fixture = await WorkerFixture.open(inject('postgresUrl'), 'validator');
  });
  afterEach(() => fixture.stop());
  afterAll(() => fixture?.close());

  const start = (changes: Partial<AgentEnv> = {}): Promise<void> =>
    fixture.start((context) =>
      startAgent({ agent: 'validator', module: ValidatorModule }, context, {
        ...fixture.env,
        BATON_PROMPTS_DIR,
        ...changes,
      }),
    );
  const reportOn = async (args: JsonObject): Promise<ToolReport> => {
    const { data } = await fixture.resultOf(await fixture.send({ arguments: args }));
    const result = TaskSucceeded.parse(data);
    expect(result).not.toHaveProperty('model');
    return ToolReport.parse(result.output);
  };

  it('runs the tools on a deliverable, whoever wrote it, where there is a sandbox', async (test) => {
    test.skip(!hasSandbox, 'there is no sandbox here');
    await start();
    const report = await reportOn({ ...tools, writtenBy: 'claude-opus-5-5' });
    expect(report).toMatchObject({ passed: true, failing: [], leftOut: [], warning: null });
    expect(report.tools.map(({ execution }) => execution?.driver)).toEqual(['bwrap', 'bwrap', 'bwrap']);
  });

  it('executes what a model wrote without one only where BATON_SANDBOX=none says so, and then loudly', async () => {
    await start({ BATON_SANDBOX: 'none' });
    const report = await reportOn({ ...tools, writtenBy: 'claude-opus-5-5' });
    expect(report).toMatchObject({ leftOut: [], passed: true, warning: expect.stringContaining('without a sandbox') });
  });
});
