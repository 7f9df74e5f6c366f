import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import { code, review, STEP_2, STEP_5A } from '../testing/example-tasks.js';
import { agentsWith, scriptedModel, taskWith } from '../testing/scripted-agents.js';
import { storedWorkspace } from '../testing/stored-workspace.js';

const signal = new AbortController().signal;

describe('the validator', () => {
  it('reviews code of which it sees files, notes and test command, but not who wrote it', async () => {
    const model = scriptedModel([review]);
    const { validator } = await agentsWith(model.call);
    expect(await validator(taskWith(STEP_5A), signal)).toMatchObject({ ok: true, output: review });
    expect(model.requests[0]?.variables).toMatchObject({ code });
    expect(model.requests[0]?.prompt).not.toContain('writtenBy');
  });

  it('is not told what has to be reached, so that it does not score to pass; the offline model is', async () => {
    for (const step of [STEP_2, STEP_5A]) {
      const model = scriptedModel([review]);
      const { validator } = await agentsWith(model.call);
      await validator(taskWith(step), signal);
      const [request] = model.requests;
      expect(`${request?.system} ${request?.prompt}`).not.toMatch(/threshold/i);
      expect(request?.variables).toMatchObject({ thresholds: step.thresholds });
    }
  });

  it('leaves a verdict that disagrees with its scores to the hub', async () => {
    const odd = { ...review, verdict: 'pass' };
    const { validator } = await agentsWith(scriptedModel([odd]).call);
    expect(await validator(taskWith(STEP_2), signal)).toMatchObject({ ok: true, output: odd });
  });

  it('says by which template, in which version, and by which model it judged', async () => {
    const { validator } = await agentsWith(scriptedModel([review]).call);
    expect(await validator(taskWith(STEP_5A), signal)).toMatchObject({
      output: {
        judgedBy: {
          template: 'step5a_two_level_validation_agent_prompt_template',
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          model: expect.stringMatching(/./),
        },
      },
    });
  });

  it('fails for good on a version of a workspace that nobody has', async () => {
    const { validator } = await agentsWith(scriptedModel([]).call);
    const workspace = { base: 'a'.repeat(64), tree: 'a'.repeat(64) };
    const code = { files: [], testCommand: 'node --test', writtenBy: 'model' };
    const result = await validator(taskWith({ tools: true, language: 'typescript', ...code, workspace }), signal);
    expect(result).toMatchObject({
      ok: false,
      error: 'Baton.InvalidInput',
      cause: expect.stringContaining('There is no workspace'),
    });
  });

  it('fails for good on a given state whose tools file cannot be read, before anybody is paid for work on it', async () => {
    const blobs = memoryStore();
    const { validator } = await agentsWith(scriptedModel([]).call, { blobs });
    const tree = await storedWorkspace(blobs, { '.baton/tools.yaml': 'checks: [{ name: a, comand: x }]' });
    const args = { tools: true, language: 'typescript', files: [], testCommand: '', writtenBy: 'input' };
    expect(await validator(taskWith({ ...args, workspace: { base: tree, tree } }), signal)).toMatchObject({
      ok: false,
      error: 'Baton.InvalidInput',
      cause: expect.stringMatching(/^\.baton\/tools\.yaml checks\[0\].*did you mean command\?.*docs\/workspaces\.md/),
      retryable: false,
    });
  });

  it('refuses a deliverable that would write outside its folder', async () => {
    const { validator } = await agentsWith(scriptedModel([]).call);
    const files = [{ path: '../../etc/cron.d/x', content: '' }];
    const args = { tools: true, language: 'typescript', files, testCommand: 'node --test', writtenBy: 'offline' };
    expect(await validator(taskWith(args), signal)).toMatchObject({
      ok: false,
      error: 'Baton.InvalidInput',
      cause: expect.stringContaining('".."'),
    });
  });
});
