import { JsonObject } from '@baton/contracts';
import type { ModelRequest } from '@baton/llm';
import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import {
  code,
  implementation,
  plan,
  refinement,
  review,
  STEP_1,
  STEP_4,
  STEP_5A,
  STEP_6,
} from '../testing/example-tasks.js';
import { agentsWith, scriptedModel, taskWith } from '../testing/scripted-agents.js';
import { storedWorkspace } from '../testing/stored-workspace.js';

const signal = new AbortController().signal;
const STEP_5B = { ...STEP_5A, template: 'step5b_two_level_standardization_validation_agent_prompt_template' };
const OLD = { 'AGENTS.md': 'Tabs.', 'package.json': '{ "name": "shop" }', 'src/a.ts': 'export const a = 1;\n' };
const NEW = { ...OLD, 'src/a.ts': 'export const a = 2;\n' };

async function asked(
  agent: 'planner' | 'validator' | 'programmer',
  step: object,
  isOnWorkspace = true,
): Promise<ModelRequest> {
  const blobs = memoryStore();
  const base = await storedWorkspace(blobs, OLD);
  const made = { base, tree: await storedWorkspace(blobs, NEW) };
  const answer = { planner: plan, validator: review, programmer: 'changedFiles' in step ? refinement : implementation }[
    agent
  ];
  const scripted = scriptedModel([answer, refinement]);
  const on = isOnWorkspace
    ? { workspace: { tree: base }, ...('code' in step ? { code: { ...code, workspace: made } } : {}) }
    : {};
  const agents = await agentsWith(scripted.call, { blobs });
  await agents[agent](taskWith(JsonObject.parse(JSON.parse(JSON.stringify({ ...step, ...on })))), signal);
  const [request] = scripted.requests;
  if (request === undefined) throw new Error('nobody was asked');
  return request;
}

describe('every step on a workspace', () => {
  it.each([
    ['planner', STEP_1],
    ['validator', STEP_5A],
    ['programmer', STEP_4],
  ] as const)('of the %s is told what the repository is made of before all else', async (agent, step) => {
    const { prompt, parts = [] } = await asked(agent, step);
    expect(parts[0]?.name).toBe('repository');
    expect(prompt).toMatch(/^The repository[^\n]*\n\nBEGIN DATA repository (\w+)\nAGENTS\.md {2}5\n/);
    expect(prompt).toContain('=== AGENTS.md\nTabs.');
    expect(parts.map(({ text }) => text).join('')).toBe(prompt);
  });

  it('is told the same with the same marks, whatever else it is told', async () => {
    const [first, second] = [await asked('planner', STEP_1), await asked('validator', STEP_5A)];
    expect(second.parts?.[0]).toEqual(first.parts?.[0]);
  });
});

describe('the two readers of a round', () => {
  it.each([true, false])('share all but the question, which comes last (workspace: %s)', async (isOnWorkspace) => {
    const [a, b] = [await asked('validator', STEP_5A, isOnWorkspace), await asked('validator', STEP_5B, isOnWorkspace)];
    expect(a.system).toBe(b.system);
    expect(a.tools).toEqual(b.tools);
    const kept = (request: ModelRequest) =>
      request.parts?.slice(0, 1 + request.parts.findIndex(({ name }) => name === 'code'));
    expect(kept(a)?.length).toBeGreaterThan(5);
    expect(kept(a)).toEqual(kept(b));
    expect(
      kept(a)
        ?.filter(({ cache }) => cache)
        .map(({ name }) => name),
    ).toEqual(['plan', 'code']);
    expect(a.prompt).not.toBe(b.prompt);
  });

  it('see what differs from the base, and no file whole', async () => {
    const { prompt } = await asked('validator', STEP_5A);
    expect(prompt).toContain('-export const a = 1;\n+export const a = 2;');
  });

  it('see numbered lines where nothing was there before, and no text as JSON', async () => {
    const files = [{ path: 'sum.ts', content: 'const a = "x";\nconst b = 2;\n' }];
    const { prompt } = await asked('validator', { ...STEP_5A, code: { ...code, files } }, false);
    expect(prompt).toContain('=== sum.ts\n1\tconst a = "x";\n2\tconst b = 2;');
    expect(prompt).not.toContain('\\n');
  });

  it('are not told the thresholds, and hear of the round after all that stays', async () => {
    const { prompt } = await asked('validator', STEP_5A);
    expect(prompt).not.toContain('threshold');
    expect(prompt.indexOf('round 1')).toBeGreaterThan(prompt.indexOf('END DATA code'));
  });
});

describe('a refinement', () => {
  const findings = [{ file: 'src/a.ts', line: 3, message: 'TS2322: no' }];
  const tool = { tool: 'types', status: 'failed', exitCode: 1, durationMs: 1, findings, reason: null };
  const toolReport = { passed: false, language: 'typescript', tools: [tool], failing: ['types'], leftOut: [] };

  it('gets findings with file and line, issues in words, and the difference', async () => {
    const { prompt } = await asked('programmer', { ...STEP_6, toolReport });
    expect(prompt).toContain('types: failed\n  src/a.ts:3: TS2322: no');
    expect(prompt).toContain('problem: no zero');
    expect(prompt).toContain('+export const a = 2;');
  });

  it('without a workspace is shown the files that fit, and told of those that do not', async () => {
    const files = [
      { path: 'big.ts', content: 'x'.repeat(70_000) },
      { path: 'small.ts', content: 'const small = 1;\n' },
    ];
    const { prompt } = await asked(
      'programmer',
      { ...STEP_6, toolReport, code: { ...code, files, writtenBy: 'm' } },
      false,
    );
    expect(prompt.length).toBeLessThan(20_000);
    expect(prompt).toContain('To be read with the tools: big.ts');
  });
});
