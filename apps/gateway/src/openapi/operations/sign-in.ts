import { SessionList, SessionView, SignIn, SignInCode, SignInOptions } from '@baton/contracts';
import { OidcCallbackQuery, SessionListQuery } from '../../http/queries.js';
import type { Operations } from '../operation.js';

/** How browsers sign in. Programs send a bearer token with each request instead. */
export const signInOperations: Operations = {
  'GET /v1/auth/options': {
    id: 'getSignInOptions',
    tag: 'access',
    summary: 'The ways to sign in',
    answers: { 200: { description: 'Which there are.', schema: SignInOptions } },
  },
  'POST /v1/auth/session': {
    id: 'signIn',
    tag: 'access',
    summary: 'Sign in with a browser',
    description:
      'With a code, which is good for once, or a key or token. The answer sets a cookie that no script can read. With the cookie whatever is no GET needs the header `x-baton-csrf` with the `csrf` of the answer; a request with a bearer token ignores it.',
    body: SignIn,
    answers: { 201: { description: 'Who is signed in.', schema: SessionView } },
    refusals: [401, 422],
  },
  'GET /v1/auth/session': {
    id: 'getSession',
    tag: 'access',
    summary: 'Who is signed in, and what guards what they do',
    answers: { 200: { description: 'The session of the cookie.', schema: SessionView } },
  },
  'DELETE /v1/auth/session': {
    id: 'signOut',
    tag: 'access',
    summary: 'Sign out',
    answers: { 204: { description: 'The session is over, and so is every stream that it opened.' } },
  },
  'GET /v1/auth/sessions': {
    id: 'listSessions',
    tag: 'access',
    summary: 'Browsers that are signed in',
    description: 'An admin sees those of everybody, whoever else their own. No secret is among them.',
    query: SessionListQuery,
    answers: { 200: { description: 'Those that began last first.', schema: SessionList, headers: ['Link'] } },
  },
  'DELETE /v1/auth/sessions/:id': {
    id: 'endSession',
    tag: 'access',
    summary: 'End a session, one’s own or as an admin any',
    answers: { 204: { description: 'The session is over, and its streams are within a second or two.' } },
    refusals: [404],
  },
  'GET /v1/auth/oidc/start': {
    id: 'startOidc',
    tag: 'access',
    summary: 'Sign in at the identity provider',
    description: 'For a browser to go to: it is led to the provider, and from there to `/v1/auth/oidc/callback`.',
    answers: { 303: { description: 'To the provider.', headers: ['Location'] } },
    refusals: [404],
  },
  'GET /v1/auth/oidc/callback': {
    id: 'finishOidc',
    tag: 'access',
    summary: 'Where the identity provider leads back to',
    query: OidcCallbackQuery,
    answers: { 303: { description: 'To the dashboard: one is signed in.', headers: ['Location'] } },
    refusals: [401, 404],
  },
  'POST /v1/auth/codes': {
    id: 'createSignInCode',
    tag: 'access',
    summary: 'A code with which the caller signs in with a browser',
    description: 'Good for once, for ten minutes, for a session of the credential that asks for it.',
    answers: { 201: { description: 'The code: the one time that it is shown.', schema: SignInCode } },
  },
};
