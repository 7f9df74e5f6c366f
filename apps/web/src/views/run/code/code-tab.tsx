import type { ReactElement } from 'react';
import { Nothing } from '../../../parts/nothing.js';
import type { TabProps } from '../run-tabs.js';

export const CodeTab = ({ run }: TabProps): ReactElement => <Nothing title={`Code of ${run.workflow}`} />;
