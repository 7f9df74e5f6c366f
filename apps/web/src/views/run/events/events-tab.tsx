import type { ReactElement } from 'react';
import { Nothing } from '../../../parts/nothing.js';
import type { TabProps } from '../run-tabs.js';

export const EventsTab = ({ run }: TabProps): ReactElement => <Nothing title={`Events of ${run.workflow}`} />;
