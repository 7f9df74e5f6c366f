import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';

export const InsightView = (): ReactElement => <Nothing title="Insight" />;
