import { useMutation } from '@tanstack/react-query';
import { type ChangeEvent, type ReactElement, useId, useState } from 'react';
import { Button } from '../button.js';
import { seen } from '../plain-text.js';
import { bytesOf, countOf } from '../spans.js';
import { type Chosen, chosenFiles, MOST_BYTES, MOST_FILE_BYTES, MOST_FILES } from './chosen-files.js';
import { type Uploaded, uploadWorkspace } from './upload-workspace.js';

interface WorkspaceUploadProps {
  readonly onUploaded: (uploaded: { readonly tree: string; readonly name: string | null }) => void;
}

/** A folder, or some files, on their way to be a version of a workspace. */
export function WorkspaceUpload({ onUploaded }: WorkspaceUploadProps): ReactElement {
  const [chosen, setChosen] = useState<Chosen<File> | null>(null);
  const upload = useMutation({
    mutationFn: uploadWorkspace,
    onSuccess: ({ tree }, { name }) => onUploaded({ tree, name }),
  });
  const choose = ({ currentTarget: { files } }: ChangeEvent<HTMLInputElement>): void => {
    upload.reset();
    setChosen(files === null || files.length === 0 ? null : chosenFiles([...files]));
  };
  return (
    <div className="space-y-2">
      <div className="grid gap-2 sm:grid-cols-2">
        <Picker label="A folder" isFolder onChoose={choose} />
        <Picker label="Or single files" onChoose={choose} />
      </div>
      <p className="text-xs text-quiet">
        At most {countOf(MOST_FILES)} files of {bytesOf(MOST_FILE_BYTES)} each, {bytesOf(MOST_BYTES)} together. What
        .gitignore names is not left out here: <code className="font-mono">baton run submit --workspace DIR</code> does
        that.
      </p>
      {chosen === null ? null : (
        <div role="status" className="space-y-1">
          <p className={chosen.problem === null ? '' : 'text-bad'}>
            {chosen.problem ?? `${countOf(chosen.files.length)} files, ${bytesOf(chosen.bytes)}.`}
          </p>
          <LeftOut reasons={chosen.leftOut} />
          {upload.error === null ? null : <p className="text-bad">{upload.error.message}</p>}
          {upload.data === undefined ? (
            <Button disabled={chosen.problem !== null || upload.isPending} onClick={() => upload.mutate(chosen)}>
              {upload.isPending ? 'Uploading …' : 'Upload'}
            </Button>
          ) : (
            <Done uploaded={upload.data} />
          )}
        </div>
      )}
    </div>
  );
}

const Done = ({ uploaded: { tree, files, leftOut } }: { readonly uploaded: Uploaded }): ReactElement => (
  <>
    <p className="text-good">
      Uploaded: {countOf(files)} files are version {tree.slice(0, 12)}.
    </p>
    <LeftOut reasons={leftOut.map(({ path, reason }) => `${path}: ${reason}`)} />
  </>
);

const MOST_REASONS = 10;

const LeftOut = ({ reasons }: { readonly reasons: readonly string[] }): ReactElement | null =>
  reasons.length === 0 ? null : (
    <ul aria-label="Left out" className="list-disc pl-5 text-xs text-warn">
      {reasons.slice(0, MOST_REASONS).map((reason) => (
        <li key={reason} className="break-words">
          {seen(`Left out: ${reason}`)}
        </li>
      ))}
      {reasons.length > MOST_REASONS ? <li>and {countOf(reasons.length - MOST_REASONS)} more</li> : null}
    </ul>
  );

interface PickerProps {
  readonly label: string;
  readonly isFolder?: boolean;
  readonly onChoose: (event: ChangeEvent<HTMLInputElement>) => void;
}

function Picker({ label, isFolder = false, onChoose }: PickerProps): ReactElement {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs text-quiet">
        {label}
      </label>
      <input
        id={id}
        type="file"
        multiple
        {...(isFolder ? { webkitdirectory: '' } : {})}
        onChange={onChoose}
        className="w-full text-xs file:mr-2 file:rounded file:border file:border-line file:bg-surface file:px-2 file:py-1 file:text-ink"
      />
    </div>
  );
}
