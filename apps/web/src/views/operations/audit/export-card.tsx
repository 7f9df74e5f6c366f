import { type ReactElement, useState } from 'react';
import { Card } from './card.js';
import { RunField } from './run-field.js';

/** A file that proves itself: events, documents, blobs and proofs, checked with no database. */
export function ExportCard(): ReactElement {
  const [run, setRun] = useState('');
  const query = run === '' ? '' : `?run=${encodeURIComponent(run)}`;
  return (
    <Card
      title="Export"
      action={
        <a
          href={`/v1/audit/export${query}`}
          download={`baton-${run === '' ? 'log' : run}.jsonl`}
          className="rounded border border-line bg-surface px-2.5 py-1 hover:bg-raised"
        >
          Download the bundle
        </a>
      }
    >
      <RunField value={run} onChange={setRun} />
      <p className="text-quiet">
        Events, documents, journals, blobs and proofs in one file.{' '}
        <code className="font-mono">baton audit verify --bundle FILE</code> checks it with no database, and so does the
        script in Python that ships.
      </p>
    </Card>
  );
}
