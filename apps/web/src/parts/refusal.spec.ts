import { GatewayRefused } from '@baton/client';
import { BatonError } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { refusalOf } from './refusal.js';

const refused = (errors: readonly { readonly pointer: string; readonly detail: string }[]): GatewayRefused =>
  new GatewayRefused({ status: 422, code: 'invalid', detail: 'It does not fit.', next: 'GET /v1/schemas.', errors });

describe('what somebody is told who was refused', () => {
  test('is what is wrong where, and nothing of how programs ask', () => {
    const errors = [
      { pointer: '/channel/to/0', detail: 'is no address' },
      { pointer: '', detail: 'has one member too many' },
    ];
    expect(refusalOf(refused(errors))).toBe('It does not fit.\nchannel to 0: is no address\nhas one member too many');
  });

  test('is what to do where nothing is pointed at', () => {
    expect(refusalOf(refused([]))).toBe('It does not fit. GET /v1/schemas.');
    expect(refusalOf(new BatonError('Gone.', { code: 'gone', next: 'Look again.' }))).toBe('Gone. Look again.');
    expect(refusalOf(new Error('broken'))).toBe('broken');
  });
});
