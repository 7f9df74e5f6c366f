import type { Session } from '../../api/session.js';

/**
 * What is done with the code of a link. Whoever is signed in is asked: anybody can send a link that signs in as themselves, and who
 * follows it would go on working as somebody else without having noticed.
 *
 * @param session undefined while it is not known, null where nobody is signed in
 */
export function linkStep(code: string | null, session: Pick<Session, 'actor'> | null | undefined): LinkStep {
  if (code === null) return 'none';
  if (session === undefined) return 'wait';
  return session === null ? 'enter' : 'ask';
}

type LinkStep = 'none' | 'wait' | 'enter' | 'ask';
