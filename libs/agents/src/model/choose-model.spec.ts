import { describe, expect, it } from 'vitest';
import { chooseModel } from './choose-model.js';

describe('the model of an agent', () => {
  it('is the offline model without an API key, whatever is named', () => {
    expect(chooseModel('planner', {}).name).toBe('offline');
    expect(chooseModel('planner', { model: 'claude-opus-5-5' }).name).toBe('offline');
  });

  it('is the offline model where it is asked for, also with a key', () => {
    expect(chooseModel('planner', { apiKey: 'k', model: 'offline' }).name).toBe('offline');
  });

  it('is the named one, else the default of the agent', () => {
    expect(chooseModel('validator', { apiKey: 'k', model: 'claude-haiku-5-5' }).name).toBe('claude-haiku-5-5');
    expect(chooseModel('validator', { apiKey: 'k' }).name).toBe('claude-sonnet-5-5');
    expect(chooseModel('planner', { apiKey: 'k' }).name).toBe('claude-opus-5-5');
    expect(chooseModel('programmer', { apiKey: 'k' }).name).toBe('claude-opus-5-5');
  });

  it('needs an address that is one', () => {
    expect(() => chooseModel('planner', { apiKey: 'k', baseUrl: 'localhost' })).toThrow(
      /ANTHROPIC_BASE_URL|not an http/,
    );
  });
});
