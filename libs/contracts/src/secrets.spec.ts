import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutFromJson, cutSecretsOf } from './secrets.js';

const KEY = 'sk-ant-api03-Zx9/+q"w\\e';
const cut = cutSecretsOf({
  ANTHROPIC_API_KEY: KEY,
  ANTHROPIC_BASE_URL: 'https://me:p%40ss-w0rd!@models.example/v1?api_key=query-s3cret',
  REDIS_URL: 'redis://:redis-pass-1@127.0.0.1:6379',
  DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1:5432/baton',
  BATON_URL: 'https://a-token-of-some-length-1@baton.example',
  PWD: '/home/someone/here',
  BATON_LOG: 'info',
  EMPTY_TOKEN: '',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-team=engine-room,authorization=Bearer%20otlp-key-12345',
});

describe('the secrets of an environment are cut out of a text', () => {
  test.each([
    ['a header', 'sent Bearer otlp-key-12345', 'sent [secret]'],
    ['a part of a header', 'the key otlp-key-12345', 'the key [secret]'],
    ['raw', `the server says ${KEY} is wrong`, 'the server says [secret] is wrong'],
    ['in a URL', `?k=${encodeURIComponent(KEY)}&x`, '?k=[secret]&x'],
    ['in JSON', JSON.stringify({ key: KEY }), '{"key":"[secret]"}'],
    ['in JSON within JSON', JSON.stringify(JSON.stringify('redis-pass-1')), '"\\"[secret]\\""'],
    [
      'the password of a URL, as it stands there',
      'https://me:p%40ss-w0rd!@models.example',
      'https://me:[secret]@models.example',
    ],
    ['the password of a URL, decoded', 'login p@ss-w0rd! failed', 'login [secret] failed'],
    ['a parameter of a URL', 'GET /v1?api_key=query-s3cret', 'GET /v1?api_key=[secret]'],
    ['a password without a user', 'redis://:redis-pass-1@127.0.0.1:6379', 'redis://:[secret]@127.0.0.1:6379'],
    [
      'a short or ordinary password, where it is one',
      'postgres://postgres:postgres@127.0.0.1/baton',
      'postgres://postgres:[secret]@127.0.0.1/baton',
    ],
    [
      'a token in the place of a user',
      'https://a-token-of-some-length-1@baton.example',
      'https://[secret]@baton.example',
    ],
  ])('%s', (_, text, expected) => {
    expect(cut(text)).toBe(expected);
  });

  test.each(['', 'x', 'Basic me:', 'abc'])('in base64, at any place of a longer text (after %j)', (before) => {
    const encoded = Buffer.from(`${before}${KEY} and more`).toString('base64');
    expect(cut(`Authorization: ${encoded}`)).not.toContain(Buffer.from(KEY).toString('base64').slice(4, -4));
    expect(cut(Buffer.from(`${before}${KEY}`).toString('base64url'))).toContain('[secret]');
  });

  test('in a form', () => {
    const secret = "a~b!c' (d) e";
    const form = new URLSearchParams({ key: secret, next: '1' }).toString();
    expect(cutSecretsOf({ SHOP_SECRET: secret })(form)).toBe('key=[secret]&next=1');
    expect(cutSecretsOf({ SHOP_SECRET: secret })(form.toLowerCase())).toBe('key=[secret]&next=1');
  });

  test('as a header of basic authentication', () => {
    expect(cut(`Basic ${Buffer.from('me:p@ss-w0rd!').toString('base64')}`)).toBe('Basic [secret]');
  });

  test('and ordinary text is left as it is', () => {
    const text = 'import postgres from "postgres"; // in /home/someone/here, with info and a password: postgres';
    expect(cut(text)).toBe(text);
    const value = { text, n: 1 };
    expect(cutFromJson(value, cut)).toBe(value);
    expect(cutSecretsOf({ PATH: '/bin', BATON_TOKEN: undefined })(text)).toBe(text);
  });

  test('whatever stands around them, and the result is JSON where the text was', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 12, unit: 'grapheme' }), (before, after, secret) => {
        const own = cutSecretsOf({ SOME_API_KEY: `${secret}1` });
        const clean = cutFromJson({ text: `${before}${secret}1${after}` }, own);
        expect(clean.text).not.toContain(`${secret}1`);
      }),
    );
  });
});
