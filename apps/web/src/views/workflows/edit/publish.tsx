import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { seen } from '../../../parts/plain-text.js';
import { Problem } from '../../../shell/problem.js';
import { workflowsQuery } from '../workflow-queries.js';

interface PublishProps {
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** Whether the text as it is now was found to be valid. */
  readonly isReady: boolean;
}

/** Says what publishing will do before it is done; what the gateway refuses, as a version that is taken, is said in its words. */
export function Publish({ text, document, isReady }: PublishProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data: catalog } = useQuery(workflowsQuery);
  const [name, version] = [String(document.name ?? ''), String(document.version ?? '')];
  const versions = catalog?.workflows.filter((each) => each.name === name) ?? [];
  const isTaken = versions.some((each) => each.version === version);
  const publish = useMutation({
    mutationFn: () =>
      api().post('/v1/workflows', {
        headers: { 'content-type': 'application/yaml' },
        body: text,
        bodySerializer: (body: unknown) => String(body),
      }),
    onSuccess: async (published) => {
      await queries.invalidateQueries({ queryKey: ['workflows'] });
      await queries.invalidateQueries({ queryKey: ['workflow'] });
      await navigate({ to: '/workflows/$ref', params: { ref: `${published.name}@${published.version}` }, search: {} });
    },
  });
  const open = (): void => {
    publish.reset();
    setOpen(true);
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button kind="main" disabled={!isReady} onClick={open}>
        Publish …
      </Button>
      <span className={isTaken ? 'text-warn' : 'text-quiet'}>
        {!isReady
          ? 'Once nothing is wrong with it.'
          : isTaken
            ? `${seen(version)} is taken: a version never changes.`
            : `As ${seen(name)} ${seen(version)}.`}
      </span>
      <Dialog
        title={`Publish ${seen(name)} ${seen(version)}`}
        description={`${versions.length === 0 ? 'A new workflow.' : `A new version beside ${versions.map((each) => seen(each.version)).join(', ')}.`} Runs that name no version use the newest one. A published version stays as it is for ever; it can be withdrawn.`}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      >
        {publish.error === null ? null : <Problem error={publish.error} />}
        <div className="mt-3 flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Go on editing</Button>
          <Button kind="main" disabled={publish.isPending} onClick={() => publish.mutate()}>
            Publish
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
