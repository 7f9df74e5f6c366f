import type { ReactElement } from 'react';
import { Nothing } from '../../../parts/nothing.js';
import type { TabProps } from '../run-tabs.js';

export const TimelineTab = ({ run }: TabProps): ReactElement => <Nothing title={`Timeline of ${run.workflow}`} />;
