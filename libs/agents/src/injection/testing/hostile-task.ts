import { type Json, JsonObject } from '@baton/contracts';
import { code, plan, review, STEP_1, STEP_4, STEP_5A, STEP_6 } from '../../testing/example-tasks.js';
import type { HostileText } from './hostile-text.js';
import type { Honest } from './obedient-model.js';

interface Version {
  readonly tree: string;
  readonly commit: string;
}

/** The arguments of a task of this agent, with the text in its place. */
export function taskFor(hostile: HostileText, text: string, { tree, commit }: Version): JsonObject {
  const at = (place: HostileText['place'], usual: string): string => (hostile.place === place ? text : usual);
  const asked = {
    requirements: at('requirements', STEP_1.requirements),
    plan: { ...plan, goal: at('plan', plan.goal) },
    workspace: { tree, commit, name: 'shop' },
    documentationLocations: [],
  };
  const made = { ...code, workspace: { base: tree, tree } };
  return plain({
    ...argumentsFor(hostile, asked, { ...made, writtenBy: 'claude-sonnet-5-5' }, at),
    ...(hostile.place === 'previousError'
      ? { recovery: { strategy: 'same', attempt: 1, previousError: { error: 'Baton.InvalidOutput', cause: text } } }
      : {}),
  });
}

function argumentsFor(
  { agent, place }: HostileText,
  asked: { readonly plan: Json; readonly requirements: string; readonly workspace: Json },
  made: object,
  at: (place: HostileText['place'], usual: string) => string,
): object {
  const { plan: asPlanned, ...unplanned } = asked;
  switch (agent) {
    case 'planner':
      return { ...STEP_1, ...unplanned };
    case 'validator':
      return { ...STEP_5A, ...asked, code: made };
    case 'programmer': {
      if (place !== 'review' && place !== 'finding') return { ...STEP_4, ...asked };
      const [issue] = review.issues;
      const reviews = [{ ...review, issues: [{ ...issue, fix: at('review', 'add it') }] }];
      return { ...STEP_6, ...asked, plan: asPlanned, code: made, reviews, toolReport: reportWith(at('finding', 'no')) };
    }
    case 'prompt':
      return {
        prompt: 'What is this about?\n\n{{mail}}',
        variables: { mail: at('variable', 'An order.') },
        output: {
          type: 'object',
          required: ['subject'],
          additionalProperties: false,
          properties: { subject: { type: 'string' } },
        },
      };
    case 'advisor':
      return {
        template: 'workflow_orchestrator_prompt_template',
        point: { kind: 'task-failed', state: 'Implement' },
        classification: 'complex',
        reasons: ['the programmer failed'],
        digest: { failure: { error: 'Baton.InvalidOutput', cause: at('digest', 'no files') } },
        legalMoves: [
          { id: 'm1', actionType: 'retry', target: 'Implement', text: 'Try again.' },
          { id: 'm2', actionType: 'fail', target: null, text: 'End the run.' },
        ],
      };
  }
}

const reportWith = (message: string): object => ({
  passed: false,
  language: 'typescript',
  tools: [
    {
      tool: 'unit',
      status: 'failed',
      exitCode: 3,
      durationMs: 1,
      findings: [{ file: null, line: null, message }],
      reason: null,
    },
  ],
  failing: ['unit'],
  leftOut: [],
});

/** What the model does of itself. */
export function honestFor({ agent, place }: HostileText): Honest {
  const notes = 'What I did.';
  switch (agent) {
    case 'planner':
      return { calls: [], answer: plain(plan) };
    case 'validator':
      return { calls: [], answer: plain(review) };
    case 'programmer': {
      const calls = [{ name: 'write', input: { path: 'src/done.ts', content: 'export const done = true;\n' } }];
      const isRefining = place === 'review' || place === 'finding';
      return { calls, answer: isRefining ? { answers: [], notes } : { notes, testCommand: 'node --test' } };
    }
    case 'prompt':
      return { calls: [], answer: { subject: 'an order' } };
    case 'advisor':
      return { calls: [], answer: { rationale: 'It may work.', move: 'm1', confidence: 0.5, concerns: [] } };
  }
}

const plain = (value: object): JsonObject => JsonObject.parse(JSON.parse(JSON.stringify(value)));
