import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';

export const WorkflowView = (): ReactElement => <Nothing title="Workflow" />;
