import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';

export const SubmitView = (): ReactElement => <Nothing title="Submit" />;
