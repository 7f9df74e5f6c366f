/** What a path goes on with, so that it did not begin here: `src/work/a.ts` has nothing to do with `/work`. */
const WITHIN = String.raw`(?<![\w.\-/@~+])`;

/** A text in which paths below the folder of the work are those of the workspace. Folders of that name elsewhere stay as they are. */
export function withoutWork(work: string, text: string): string {
  const folder = work.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text
    .replaceAll(`file://${work}/`, '')
    .replaceAll(new RegExp(`${WITHIN}${folder}/`, 'g'), '')
    .replaceAll(new RegExp(`${WITHIN}${folder}(?![\\w\\-])`, 'g'), '.')
    .replaceAll(new RegExp(`${WITHIN}\\.\\./work/`, 'g'), '');
}
