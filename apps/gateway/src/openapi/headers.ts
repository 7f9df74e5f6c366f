import type { AnswerHeader, RequestHeader } from './operation.js';

/** What the headers mean that operations understand. */
export const REQUEST_HEADERS: Readonly<
  Record<RequestHeader, { readonly description: string; readonly schema: object }>
> = {
  'Idempotency-Key': {
    description:
      'What makes a repetition the same request: with the same body the answer is the same, with another one it is 422.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  'If-Match': { description: 'The ETag of what the request is about.', schema: { type: 'string' } },
  'If-None-Match': {
    description: 'The ETags that are known: 304 where it still is one of them.',
    schema: { type: 'string' },
  },
  'Last-Event-ID': {
    description: 'The `id` of the last event that came, where a stream is taken up again.',
    schema: { type: 'integer', minimum: 0 },
  },
  Prefer: {
    description: '`wait=N`: the answer may take up to N seconds, until the run has ended or waits for somebody.',
    schema: { type: 'string' },
  },
};

/** What the headers of answers mean. */
export const ANSWER_HEADERS: Readonly<Record<AnswerHeader, string>> = {
  ETag: 'The tag of what is shown, for If-None-Match and If-Match.',
  Link: 'Where there is a following page: `<…>; rel="next"`.',
  Location: 'Where to look for what the request is about.',
  'Preference-Applied': 'The preference that was followed.',
};
