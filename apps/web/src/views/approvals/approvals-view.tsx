import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';

export const ApprovalsView = (): ReactElement => <Nothing title="Approvals" />;
