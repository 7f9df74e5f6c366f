/** Relative, below its own folder, and the same file on every system: nothing that climbs, no drive, no reserved character. */
export function isSafePath(path: string): boolean {
  if (path === '' || path.length > 200 || /^[/~]|[\\:*?"<>|\p{Cc}]/u.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part === part.trim());
}
