import type { ReactElement } from 'react';
import { Button } from '../../../parts/button.js';
import { CheckpointCard } from './checkpoint-card.js';
import { ExportCard } from './export-card.js';
import { ProveCard } from './prove-card.js';
import { ReplayCard } from './replay-card.js';
import { VerifyCard } from './verify-card.js';

/** The log as proof. What is here only reads: nothing runs again. */
export const AuditPart = (): ReactElement => (
  <div className="space-y-4">
    <p className="flex items-center gap-2 text-quiet">
      <span className="flex-1">All of this only reads the log. To run something again is on the page of a run.</span>
      <span data-print="no">
        <Button onClick={() => window.print()}>Print</Button>
      </span>
    </p>
    <CheckpointCard />
    <VerifyCard />
    <ReplayCard />
    <ProveCard />
    <ExportCard />
  </div>
);
