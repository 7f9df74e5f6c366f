import { describe, expect, it } from 'vitest';
import { chooseModel } from './choose-model.js';

describe('the model of an agent', () => {
  it('is the offline model without an API key, whatever is named', () => {
    expect(chooseModel('planner', {}).name).toBe('offline');
    expect(chooseModel('planner', { BATON_MODEL: 'claude-opus-5-5' }).name).toBe('offline');
  });

  it('is the offline model where it is asked for, also with a key', () => {
    expect(chooseModel('planner', { ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'offline' }).name).toBe('offline');
  });

  it('is the named one, else the default of the agent', () => {
    expect(chooseModel('validator', { ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'claude-haiku-5-5' }).name).toBe(
      'claude-haiku-5-5',
    );
    expect(chooseModel('validator', { ANTHROPIC_API_KEY: 'k' }).name).toBe('claude-sonnet-5-5');
    expect(chooseModel('planner', { ANTHROPIC_API_KEY: 'k' }).name).toBe('claude-opus-5-5');
    expect(chooseModel('programmer', { ANTHROPIC_API_KEY: 'k' }).name).toBe('claude-opus-5-5');
  });

  it('of another provider has to be named, because there it has another name', () => {
    const vllm = { BATON_PROVIDER: 'openai', OPENAI_BASE_URL: 'http://localhost:8000/v1' } as const;
    expect(chooseModel('planner', { ...vllm, BATON_MODEL: 'qwen' }).name).toBe('qwen');
    expect(() => chooseModel('planner', vllm)).toThrow('no model is named for the planner');
    expect(() => chooseModel('planner', { BATON_PROVIDER: 'bedrock', BATON_MODEL: 'm' })).toThrow('AWS_REGION');
  });

  it('needs an address that is one', () => {
    expect(() => chooseModel('planner', { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'localhost' })).toThrow(
      /ANTHROPIC_BASE_URL|not an http/,
    );
  });
});
