import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import type { Schemas } from '../api/api.js';
import { usePlaceTitle } from '../parts/page-title.js';
import { seen } from '../parts/plain-text.js';
import { placeAt } from './places.js';

/** Names the document by where one is, and a run by how it stands; as far as the view asked for it. */
export function usePlaceTitleOfAddress(): void {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const runId = /^\/runs\/([^/]+)/.exec(path)?.[1] ?? '';
  // The view of the run asks for this; here it is only looked at. A `skipToken` would be the query's way to be asked, for the view too.
  const { data: run } = useQuery<Schemas['RunDetail']>({ queryKey: ['run', runId, 'detail'], enabled: false });
  usePlaceTitle(run === undefined ? nameOf(path) : `${run.status} · ${seen(run.title ?? run.workflow)}`);
}

const nameOf = (path: string): string => placeAt(path)?.title ?? (path.startsWith('/runs/') ? 'Run' : '');
