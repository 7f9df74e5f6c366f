import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';

export const WorkflowsView = (): ReactElement => <Nothing title="Workflows" />;
