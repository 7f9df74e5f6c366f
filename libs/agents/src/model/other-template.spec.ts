import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOfflineModel } from '@baton/offline-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { templateVariables } from '../task/task-arguments.js';
import {
  implementation,
  plan,
  refinement,
  review,
  STEP_1,
  STEP_2,
  STEP_3,
  STEP_4,
  STEP_5A,
  STEP_6,
} from '../testing/example-tasks.js';
import { agentsWith, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;
const templateOf = (id: string, agent: string, output: string, variables: readonly string[]): string =>
  `---\nid: ${id}\nversion: 0.1.0\nagent: ${agent}\noutput: ${output}\ntitle: Mine\n---\n\n# System\nYou are brief.\n\n# Prompt\nMINE\n\n${variables
    .map((name) => `{{${name}}}`)
    .join('\n\n')}\n`;

const ADVICE = {
  template: 'workflow_orchestrator_prompt_template',
  point: { kind: 'choice', state: 'Good' },
  classification: 'hybrid',
  reasons: [],
  digest: {},
  legalMoves: [{ id: 'go:A', actionType: 'invoke_agent', target: 'A', text: 'go on with A' }],
};

describe('another template of the same agent and output', () => {
  let promptsDir: string;
  const add = (id: string, agent: string, output: string, variables: readonly string[]): Promise<void> =>
    writeFile(join(promptsDir, `${id}.md`), templateOf(id, agent, output, variables));
  beforeAll(async () => {
    promptsDir = await mkdtemp(join(tmpdir(), 'baton-prompts-'));
    for (const [agent, output, args] of KINDS) {
      await add(idOf(args), agent, output, templateVariables.get(args.template) ?? []);
    }
    await add('mine_short', 'planner', 'Plan', ['requirements']);
    await add('mine_curious', 'planner', 'Plan', [...(templateVariables.get(STEP_1.template) ?? []), 'mood']);
  });
  afterAll(() => rm(promptsDir, { recursive: true }));

  const KINDS = [
    ['planner', 'Plan', STEP_1, plan],
    ['planner', 'Plan', STEP_3, { ...plan, answers: review.issues.map(({ id }) => ({ issueId: id, answer: 'done' })) }],
    ['validator', 'Review', STEP_2, review],
    ['validator', 'Review', STEP_5A, review],
    ['programmer', 'Implementation', STEP_4, implementation],
    ['programmer', 'Refinement', STEP_6, refinement],
    ['advisor', 'Advice', ADVICE, { move: 'go:A', rationale: 'so', confidence: 0.5, concerns: [] }],
  ] as const;
  const idOf = ({ template }: { readonly template: string }): string => `mine_${template}`;

  it.each(KINDS)('is taken by the %s for %s', async (agent, _output, args, answer) => {
    const model = scriptedModel([answer]);
    const agents = await agentsWith(model.call, { promptsDirs: [promptsDir] });
    const result = await agents[agent](taskWith({ ...args, template: idOf(args) }), signal);
    expect(result).toMatchObject({ ok: true });
    expect(model.requests[0]).toMatchObject({ template: { id: idOf(args), version: '0.1.0' } });
    expect(model.requests[0]?.prompt).toContain('MINE');
  });

  it.each(KINDS.filter(([agent]) => agent !== 'programmer'))(
    'is answered offline, too: %s, %s',
    async (agent, _output, args) => {
      const agents = await agentsWith(createOfflineModel(), { promptsDirs: [promptsDir] });
      expect(await agents[agent](taskWith({ ...args, template: idOf(args) }), signal)).toMatchObject({ ok: true });
    },
  );

  it('is refused, with the reason, where it hides a part of the task or asks for what the task does not have', async () => {
    const { planner } = await agentsWith(scriptedModel([]).call, { promptsDirs: [promptsDir] });
    const causeOf = async (template: string) => {
      const result = await planner(taskWith({ ...STEP_1, template }), signal);
      return result.ok ? '' : `${result.error} ${result.cause}`;
    };
    expect(await causeOf('mine_short')).toMatch(
      /InvalidInput The prompt template mine_short\.md cannot be used: it never shows the model \{\{workspaceType/,
    );
    expect(await causeOf('mine_curious')).toMatch(/asks for \{\{mood\}\}; its task has requirements, /);
    expect(await causeOf(idOf(STEP_2))).toContain('which is for the validator; the planner works with');
  });
});
