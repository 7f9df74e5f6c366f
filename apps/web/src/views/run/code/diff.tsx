import { lazy } from 'react';

/** Loaded when the first difference is looked at. */
export const Diff = lazy(() =>
  import('../../../parts/diff-view/diff-view.js').then((loaded) => ({ default: loaded.DiffView })),
);
