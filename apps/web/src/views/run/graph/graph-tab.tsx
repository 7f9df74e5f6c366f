import type { ReactElement } from 'react';
import { Nothing } from '../../../parts/nothing.js';
import type { TabProps } from '../run-tabs.js';

export const GraphTab = ({ run }: TabProps): ReactElement => <Nothing title={`Graph of ${run.workflow}`} />;
