import type { Actor, SessionView } from '@baton/contracts';
import {
  beginWebSession,
  endWebSession,
  keepSignInCode,
  takeSignInCode,
  useWebSession,
  type WebSession,
} from '@baton/event-store';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';
import { limitWrongTokens } from '../http/wrong-tokens.js';
import { type AuthenticationPorts, authenticator } from './authenticate.js';
import { callerOn, type Known } from './caller.js';
import { holdCredential } from './held-credential.js';
import { sha256Of } from './key-format.js';
import { noteKeyUses } from './key-uses.js';
import { limitSignIns } from './limit-sign-ins.js';
import { csrfOf, newSecret } from './session-cookie.js';
import { endOf, whoAmI } from './who-am-i.js';

/** How somebody showed who they are when a session began: as it stands in the log of access. */
type SignInWay = 'code' | 'token' | 'oidc';

/** A session that has begun: what the browser keeps, and what the page is told. */
export interface BegunSession {
  readonly secret: string;
  readonly view: SessionView;
}

/** Whom somebody showed themselves to be, and when a session of it ends at the latest; RFC 3339, null: with its credential. */
interface Shown {
  readonly known: Known;
  readonly before: string | null;
}

/** Who comes, with a token or with a session, and how sessions begin and end. */
export interface SignIns {
  readonly byHeader: (authorization: string | undefined) => Promise<Known>;
  readonly byToken: (token: string) => Promise<Known>;
  /** Somebody who is not there: see `Authenticator`. */
  readonly byKeyName: (actor: Actor, since: string) => Promise<Known | null>;
  /** @throws ProblemError 401 where the session is over, or its credential is */
  readonly bySecret: (secret: string) => Promise<Known>;
  /** Uses the code up, whatever comes of it. */
  readonly byCode: (code: string) => Promise<Shown>;
  /** What somebody is told whose guess was wrong: that, or to wait where it was one too many. */
  readonly wrongGuess: (thrown: unknown, address: string) => unknown;
  /** @throws ProblemError 403 where they may not so much as see who they are, 429 where they did nothing else for a while */
  readonly begin: (shown: Shown, way: SignInWay, address: string) => Promise<BegunSession>;
  readonly end: (known: Known, address: string | undefined) => Promise<void>;
  readonly newCode: (known: Known) => Promise<{ readonly code: string; readonly expiresAt: string }>;
  readonly stop: () => Promise<void>;
}

type SignInPorts = Omit<AuthenticationPorts, 'onKeyUsed'> & {
  readonly log: Parameters<typeof noteKeyUses>[1];
  readonly nowMs: () => number;
};

/** @param monotonicMs a clock that never goes back */
export function openSignIns(ports: SignInPorts, monotonicMs: () => number): SignIns {
  const { pool, token } = ports;
  const uses = noteKeyUses(pool, ports.log, monotonicMs);
  const wrong = limitWrongTokens(monotonicMs);
  const often = limitSignIns(monotonicMs);
  const { byHeader, byToken, byKeyName, byHeld } = authenticator({ ...ports, onKeyUsed: uses.used });
  return {
    byHeader,
    byToken,
    byKeyName,
    bySecret: async (secret) => {
      const session = await useWebSession(pool, sha256Of(secret));
      const known = session === null ? null : await byHeld(session.credential, secret);
      if (session === null || known === null) throw sessionOver();
      return { ...known, session: { ...idAndEnd(session), csrf: csrfOf(secret) } };
    },
    byCode: async (code) => {
      const taken = await takeSignInCode(pool, sha256Of(code));
      const known = taken === null ? null : await byHeld(taken.credential, code);
      if (taken === null || known === null) throw codeUnknown();
      return { known, before: taken.before };
    },
    wrongGuess: (thrown, address) => {
      const isWrong = thrown instanceof ProblemError && thrown.status === 401;
      const seconds = isWrong ? wrong.count(address) : null;
      return seconds === null ? thrown : tooMany(seconds, thrown);
    },
    begin: async ({ known, before }, way, address) => {
      callerOn(known, 'GET', '/v1/auth/session');
      often.refuse(known.actor);
      const secret = newSecret();
      const held = { sha256: sha256Of(secret), credential: holdCredential(known, secret, token) };
      const until = { before: earlier(endOf(known), before) };
      const session = await beginWebSession(
        pool,
        { ...held, ...until, actor: known.actor },
        noteOf('signed-in', known.actor, address, way),
      );
      return { secret, view: { ...whoAmI(known), csrf: csrfOf(secret), endsAt: session.endsAt } };
    },
    end: async ({ session, actor }, address) => {
      if (session !== undefined) await endWebSession(pool, session.sessionId, noteOf('signed-out', actor, address));
    },
    newCode: async (known) => {
      often.refuse(known.actor);
      const code = newSecret();
      const expiresAt = await keepCode(pool, known, code, token);
      return { code, expiresAt };
    },
    stop: () => uses.stop(),
  };
}

const idAndEnd = ({ sessionId, endsAt }: WebSession) => ({ sessionId, endsAt });

const keepCode = (pool: Pool, known: Known, code: string, token: string): Promise<string> =>
  keepSignInCode(pool, {
    sha256: sha256Of(code),
    credential: holdCredential(known, code, token),
    before: known.session?.endsAt ?? null,
  });

const earlier = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : Date.parse(a) < Date.parse(b) ? a : b;

const noteOf = (kind: string, actor: Actor, address: string | undefined, about?: string) => ({
  kind,
  actor,
  address,
  about,
});

const sessionOver = (): ProblemError =>
  new ProblemError('You are not signed in any more.', {
    status: 401,
    code: 'session-over',
    next: 'Sign in again: `baton auth link` shows a link, and a key does as well.',
  });

const codeUnknown = (): ProblemError =>
  new ProblemError('There is no such code: it was used, or it is older than ten minutes.', {
    status: 401,
    code: 'code-unknown',
    next: 'Have `baton auth link` show another link, or sign in with a key.',
  });

const tooMany = (seconds: number, cause: unknown): ProblemError =>
  new ProblemError('Too many wrong tokens came from this address.', {
    status: 429,
    code: 'too-many-wrong-tokens',
    next: `Send the right one, or wait ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
    cause,
  });
