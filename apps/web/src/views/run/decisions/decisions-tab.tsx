import type { ReactElement } from 'react';
import { Nothing } from '../../../parts/nothing.js';
import type { TabProps } from '../run-tabs.js';

export const DecisionsTab = ({ run }: TabProps): ReactElement => <Nothing title={`Decisions of ${run.workflow}`} />;
