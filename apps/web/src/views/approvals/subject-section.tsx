import type { Json } from '@baton/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { DiffView } from '../../parts/diff-view/diff-view.js';
import { countOf } from '../../parts/spans.js';
import { beforeQuery } from './approval-queries.js';
import { type Earlier, earlierOf, filePairs, filesOf } from './earlier.js';
import { FileList } from './file-list.js';
import { Readable } from './readable.js';
import { readableText } from './readable-text.js';
import { Section } from './section.js';

interface SubjectProps {
  readonly approvalId: string;
  readonly subject: { readonly name: string; readonly value: Json };
}

/** The work itself: what is different since the last version, and the whole of it. */
export function SubjectSection({ approvalId, subject }: SubjectProps): ReactElement {
  const { data: events, error } = useQuery(beforeQuery(approvalId));
  const earlier = events === undefined ? null : earlierOf(events, approvalId, subject);
  const files = filesOf(subject.value);
  const title = `${subject.name.charAt(0).toUpperCase()}${subject.name.slice(1)}`;
  return (
    <Section title={title}>
      {error === null ? null : <p className="text-bad">What came before could not be read: {error.message}</p>}
      {files.length === 0 ? (
        <Whole earlier={earlier} value={subject.value} />
      ) : (
        <Files earlier={earlier} files={files} rest={withoutFiles(subject.value)} />
      )}
    </Section>
  );
}

const ComparedTo = ({ earlier }: { readonly earlier: Earlier | null }): ReactElement => (
  <p className="mb-1 text-quiet">
    {earlier === null ? 'The first version: there is nothing to compare it to.' : `Compared to ${earlier.what}.`}
  </p>
);

const Whole = ({ earlier, value }: { readonly earlier: Earlier | null; readonly value: Json }): ReactElement => (
  <>
    <ComparedTo earlier={earlier} />
    {earlier === null ? null : (
      <DiffView label="What changed" before={readableText(earlier.value)} after={readableText(value)} isSplit={false} />
    )}
    <details open={earlier === null} className="mt-2">
      <summary className="cursor-pointer text-quiet">All of it</summary>
      <div className="mt-1">
        <Readable value={value} />
      </div>
    </details>
  </>
);

interface FilesProps {
  readonly earlier: Earlier | null;
  readonly files: ReturnType<typeof filesOf>;
  readonly rest: Json;
}

function Files({ earlier, files, rest }: FilesProps): ReactElement {
  const pairs = filePairs(filesOf(earlier?.value), files);
  const same = pairs.filter(({ kind }) => kind === 'as before').length;
  return (
    <>
      <ComparedTo earlier={earlier} />
      <FileList pairs={pairs} hasEarlier={earlier !== null} />
      <p className="mt-1 text-xs text-quiet">
        {countOf(files.length)} {files.length === 1 ? 'file' : 'files'}
        {earlier === null ? '' : `, ${countOf(same)} as before`}.
      </p>
      <div className="mt-2">
        <Readable value={rest} />
      </div>
    </>
  );
}

/** What there is beside the files, as notes and the command that tests them. */
function withoutFiles(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'files'));
}
