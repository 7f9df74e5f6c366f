import { lazily } from '../../../parts/lazily.js';

/** Loaded when the first difference is looked at. */
export const Diff = lazily(() => import('../../../parts/diff-view/diff-view.js').then(({ DiffView }) => DiffView));
