import { posix } from 'node:path';
import type { Package } from './workspace.js';

const RELATIVE = /(?:from|import)[ (]*'(\.[^'?]+)'/g;

const isTest = (path: string): boolean => /\.spec\.ts$|(^|\/)testing\//.test(path);

/**
 * Circles of rooms in a package: a folder is one room with all its files, so that two folders do not use each other even
 * where no file does; a file beside folders is a room of its own. Tests are no part of it.
 *
 * @returns each circle as the rooms that it is made of, with the imports that tie them
 */
export function circlesOfRooms({ files }: Pick<Package, 'files'>): readonly string[] {
  const sources = files.filter(({ path }) => !isTest(path));
  const folders = new Set(sources.map(({ path }) => posix.dirname(path)));
  const roomOf = (path: string): string => {
    const folder = posix.dirname(path);
    const hasFolders = [...folders].some(
      (each) => each !== folder && (folder === '.' || each.startsWith(`${folder}/`)),
    );
    return hasFolders ? path : folder;
  };
  const ways = new Map<string, Map<string, string>>();
  for (const { path, text } of sources) {
    for (const [, specifier = ''] of text.matchAll(RELATIVE)) {
      const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
      const [from, to] = [roomOf(path), roomOf(target)];
      if (from === to) continue;
      const known = ways.get(from) ?? new Map<string, string>();
      if (!known.has(to)) known.set(to, `${path} imports ${target}`);
      ways.set(from, known);
    }
  }
  return [...ways.keys()].flatMap((room) => circleFrom(room, ways));
}

/** The shortest way from a room back to itself, told once: by the room whose name is first. */
function circleFrom(start: string, ways: ReadonlyMap<string, ReadonlyMap<string, string>>): readonly string[] {
  const reached = new Map<string, readonly string[]>([[start, []]]);
  const waiting = [start];
  for (let room = waiting.shift(); room !== undefined; room = waiting.shift()) {
    for (const [next, because] of ways.get(room) ?? []) {
      const way = [...(reached.get(room) ?? []), because];
      if (next === start) return [way.join(', ')];
      if (next < start || reached.has(next)) continue;
      reached.set(next, way);
      waiting.push(next);
    }
  }
  return [];
}
