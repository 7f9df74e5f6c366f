import type { ReactElement } from 'react';
import { ChangedFile } from './changed-file.js';
import { Diff } from './diff.js';
import { Findings } from './findings.js';
import { useCodeSearch } from './use-code-search.js';
import { findingsByLine, foundIn, type Version } from './versions.js';

interface FromToProps {
  readonly version: Version;
  readonly before: Version | undefined;
  readonly isSplit: boolean;
}

/** How many files are open at first: each is compared when it is. */
const OPEN = 3;

/** What is between a version and another one of its kind, file by file. */
export function FromTo({ version, before, isSplit }: FromToProps): ReactElement {
  const { file } = useCodeSearch().search;
  const found = foundIn(version);
  const paths = [...new Set([...version.files, ...(before?.files ?? [])].map(({ path }) => path))].sort();
  const textIn = (of: Version | undefined, path: string): string =>
    of?.files.find((file) => file.path === path)?.content ?? '';
  const changed = paths.filter((path) => textIn(before, path) !== textIn(version, path));
  const marked = paths.filter((path) => !changed.includes(path) && found.some(({ file }) => file === path));
  const shown = [...changed, ...marked];
  return (
    <section aria-label="What changed" className="space-y-2">
      <p className="text-quiet">
        {changed.length} of {paths.length} files {before === undefined ? 'are new' : 'changed'}.
      </p>
      {shown.map((path, at) => (
        <ChangedFile key={path} path={path} isOpenFirst={at < OPEN && !shown.some((each) => each === file)}>
          {() => (
            <FileDiff
              path={path}
              before={textIn(before, path)}
              after={textIn(version, path)}
              isSplit={isSplit}
              notes={findingsByLine(found, path)}
            />
          )}
        </ChangedFile>
      ))}
    </section>
  );
}

interface FileDiffProps {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly isSplit: boolean;
  readonly notes: ReturnType<typeof findingsByLine>;
}

function FileDiff({ path, before, after, isSplit, notes }: FileDiffProps): ReactElement {
  const whole = notes.get(0);
  const atLines = new Map(
    [...notes].filter(([line]) => line > 0).map(([line, said]) => [line, <Findings key={line} findings={said} />]),
  );
  return (
    <>
      {whole === undefined ? null : <Findings findings={whole} />}
      <Diff label={`Changes of ${path}`} before={before} after={after} isSplit={isSplit} notes={atLines} />
    </>
  );
}
