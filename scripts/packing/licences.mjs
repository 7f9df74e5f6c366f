// Whose code is in a bundle, and under which licence: each package with its notice, as most licences ask for.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageOf, readJson } from './workspaces.mjs';

/** What the page is built with, and has no part of. */
const TOOLS_OF_THE_PAGE = /^(vite|tailwindcss|@tailwindcss\/|@vitejs\/|@types\/|@baton\/)/;

/** @param {string} root @returns {string} a text with all of them */
export function licencesOf(root) {
  const folders = [...new Set([...bundledFolders(root), ...foldersOfPage(root)])].sort();
  return folders
    .map((folder) => {
      const { name, version, license } = readJson(join(root, folder, 'package.json'));
      const notices = globSync('{LICEN[CS]E,COPYING,NOTICE,licen[cs]e}*', { cwd: join(root, folder) })
        .filter((file) => !/\.(js|ts|spdx)$/.test(file))
        .sort()
        .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
      return [`${name} ${version} (${license ?? 'licence unknown'})`, ...notices].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** By the maps of the bundle. @param {string} root */
const bundledFolders = (root) =>
  globSync('dist/{apps,libs}/*.js.map', { cwd: root }).flatMap((map) =>
    readJson(join(root, map)).sources.flatMap((/** @type {string} */ source) => {
      const at = source.lastIndexOf('node_modules/');
      if (at < 0) return [];
      const name = packageOf(source.slice(at + 'node_modules/'.length));
      // Packages within packages, as they stand from the root.
      const before = source.slice(0, at).replace(/^(\.\.\/)+/, '');
      return [`${before}node_modules/${name}`];
    }),
  );

/** What the page asks for, to its ends, as the lockfile has it. @param {string} root */
function foldersOfPage(root) {
  const { packages } = readJson(join(root, 'package-lock.json'));
  const wanted = Object.keys(readJson(join(root, 'apps/web/package.json')).devDependencies);
  const found = new Set(wanted.filter((name) => !TOOLS_OF_THE_PAGE.test(name)));
  for (const name of found) {
    for (const next of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}))
      if (!TOOLS_OF_THE_PAGE.test(next)) found.add(next);
  }
  return [...found].map((name) => `node_modules/${name}`);
}
