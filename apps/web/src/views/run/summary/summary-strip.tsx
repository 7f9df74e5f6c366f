import type { ReactElement } from 'react';
import { Status } from '../../../parts/status.js';
import type { TabProps } from '../run-tabs.js';

export const SummaryStrip = ({ run }: TabProps): ReactElement => (
  <h1 className="mb-2 text-lg font-semibold">
    {run.workflow} <Status status={run.status} />
  </h1>
);
