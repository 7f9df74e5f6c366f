import type { ModelRequest } from '../model.js';

export const KEY = 'sk-test-secret';

/** A request as the validator makes it. */
export const request: ModelRequest = {
  agent: 'validator',
  template: { id: 'step2_plan_validator_prompt_template', version: '1.0.0' },
  model: 'claude-sonnet-5-5',
  system: 'You review plans.',
  prompt: 'Review this plan.',
  variables: {},
  output: {
    name: 'Review',
    jsonSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { score: { type: 'number', minimum: 0, maximum: 10 } },
      required: ['score'],
      additionalProperties: false,
    },
  },
  maxOutputTokens: 64_000,
  conversationId: 'run-1',
};
