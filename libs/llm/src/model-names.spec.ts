import { describe, expect, test } from 'vitest';
import { canonicalModel } from './model-names.js';

describe('the name of a model', () => {
  test.each([
    ['claude-opus-5-5', 'claude-opus-5-5'],
    ['claude-opus-5-5-20260922', 'claude-opus-5-5'],
    ['claude-opus-5-5@20260922', 'claude-opus-5-5'],
    ['anthropic/claude-opus-5.5', 'claude-opus-5-5'],
    ['openrouter/anthropic/claude-opus-5-5', 'claude-opus-5-5'],
    ['anthropic.claude-opus-5-5-20260922-v1:0', 'claude-opus-5-5'],
    ['us.anthropic.claude-opus-5-5-20260922-v1:0', 'claude-opus-5-5'],
    ['global.anthropic.claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
    ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0', 'claude-sonnet-4'],
    ['claude-3-7-sonnet-latest', 'claude-3-7-sonnet'],
  ])('%s is %s', (name, canonical) => {
    expect(canonicalModel(name)).toBe(canonical);
  });

  test.each(['claude-opus-5-5-fast', 'gpt-6', 'mistral/large', 'offline', 'constructor'])(
    '%s is another model',
    (name) => {
      expect(canonicalModel(name)).toBe(name);
    },
  );
});
