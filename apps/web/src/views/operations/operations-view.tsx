import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';

export const OperationsView = (): ReactElement => <Nothing title="Operations" />;
