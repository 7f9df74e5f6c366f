import { pathProblem } from '@baton/workspace';

/** Where documentation is said to be: what a text of `documentationLocations` means. */
export type Location =
  /** A file or folder of the run's files; an empty path is all of them. */
  | { readonly type: 'run'; readonly path: string }
  /** A file or folder of this machine, absolute. */
  | { readonly type: 'machine'; readonly path: string }
  | { readonly type: 'page'; readonly url: URL }
  /** `reason` is a clause about the location and what to do, without a full stop. */
  | { readonly type: 'refused'; readonly reason: string };

const MOST_CHARACTERS = 2_000;
/** A scheme has two letters at least: one is a drive. */
const SCHEME = /^([a-z][a-z\d+.-]+):(?:\/\/|$)|^(file|data|blob|javascript|mailto|urn):/i;

export function locate(text: string): Location {
  const refused = (reason: string): Location => ({ type: 'refused', reason });
  const trimmed = text.trim();
  if (trimmed === '') return refused('it is empty: name a path or an address');
  if (trimmed.length > MOST_CHARACTERS)
    return refused(`it is longer than ${MOST_CHARACTERS} characters: name a shorter one`);
  if (/\p{Cc}/u.test(trimmed) || !trimmed.isWellFormed())
    return refused('it holds a control character: write it without');
  const scheme = SCHEME.exec(trimmed);
  if (scheme !== null) return page(trimmed, scheme[1] ?? scheme[2] ?? '');
  if (trimmed.startsWith('/')) return { type: 'machine', path: trimmed };
  const path = trimmed.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.') return { type: 'run', path: '' };
  const problem = pathProblem(path);
  if (problem === null) return { type: 'run', path };
  const isOutside = path.split('/').includes('..');
  return refused(
    isOutside
      ? 'it leads out of the workspace: name a path within it'
      : `its path ${problem}: name a path within the workspace, with "/" between its parts`,
  );
}

function page(text: string, scheme: string): Location {
  if (!/^https?$/i.test(scheme)) {
    return {
      type: 'refused',
      reason: `addresses of ${scheme.toLowerCase()}: are not read: give one of https:, or a path`,
    };
  }
  if (!URL.canParse(text)) return { type: 'refused', reason: 'it is no address: check how it is written' };
  const url = new URL(text);
  url.hash = '';
  if (url.username !== '' || url.password !== '') {
    return {
      type: 'refused',
      reason: 'it holds a user name or a password, which would stand in logs: give it without',
    };
  }
  return { type: 'page', url };
}
