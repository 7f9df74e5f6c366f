import { TerminalError } from '@baton/contracts';
import { request } from '@baton/llm/testing';
import { expect, test } from 'vitest';
import { createOfflineModel } from './offline-model.js';
import { scriptedAnswer } from './prompt-scripts.js';

const jsonSchema = { type: 'object', properties: { questions: { type: 'array', items: { type: 'string' } } } };
const asked = (id: string) => ({
  ...request,
  agent: 'prompt',
  template: { id, version: '1.0.0' },
  variables: { question: 'What is new, and why now?', sources: ['News'], maxQuestions: 3 },
  output: { name: 'Answer', jsonSchema },
});
const call = createOfflineModel({ delayMs: 0 });
const answerTo = async (id: string) => JSON.parse((await call(asked(id), new AbortController().signal)).text);

test('a template of a shipped workflow is answered by its script, any other one by excerpts', async () => {
  expect(await answerTo('parallel_research_split_question')).toEqual({ questions: ['What is new?', 'Why now?'] });
  expect((await answerTo('my_own')).questions).toContain('What is new, and why now?');
  expect(scriptedAnswer('toString', {})).toBeNull();
});

test('variables that a script cannot read are a final error that names the template', () => {
  const broken = () => scriptedAnswer('build_website_coder', { specification: 'none' });
  expect(broken).toThrow(TerminalError);
  expect(broken).toThrow(expect.objectContaining({ code: 'offline-bad-variables' }));
  expect(broken).toThrow('cannot answer build_website_coder');
});
