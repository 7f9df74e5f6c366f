// What the packages of this repository say of themselves.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} file @returns {any} */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** `@scope/name` of `@scope/name/some/file.js`. @param {string} specifier */
export const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * The versions of packages of others that the workspaces are made with.
 * @param {string} root
 * @param {readonly string[]} names
 * @returns {Readonly<Record<string, string>>} ranges, as the workspaces name them
 */
export function rangesOf(root, names) {
  /** @type {Record<string, string>} */
  const known = { ...readJson(join(root, 'package.json')).devDependencies };
  for (const path of globSync('{libs,apps}/*/package.json', { cwd: root }).sort()) {
    const { dependencies = {} } = readJson(join(root, path));
    Object.assign(known, dependencies);
  }
  const missing = names.filter((name) => known[name] === undefined);
  if (missing.length > 0) throw new Error(`No workspace depends on ${missing.join(', ')}.`);
  return Object.fromEntries([...names].sort().map((name) => [name, known[name] ?? '']));
}
