import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../../api/api.js';
import { workflowsQuery } from '../workflow-queries.js';
import { vocabularyOf } from './vocabulary.js';

/** It is that of the gateway which serves this page. */
const schemaQuery = queryOptions({
  queryKey: ['workflow-schema'],
  queryFn: ({ signal }) => api().get('/v1/schemas/workflow-document', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
const workersQuery = queryOptions({
  queryKey: ['live', 'workers', 'schemas'],
  queryFn: ({ signal }) => api().get('/v1/workers', { signal }),
});
const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: ({ signal }) => api().get('/v1/templates', { signal }),
});

/** What a document can be made of here. What cannot be had makes an editor that knows less, and no error. */
export function useVocabulary(): ReturnType<typeof vocabularyOf> {
  const { data: schema } = useQuery(schemaQuery);
  const { data: workers } = useQuery(workersQuery);
  const { data: workflows } = useQuery(workflowsQuery);
  const { data: templates } = useQuery(templatesQuery);
  return useMemo(
    () => vocabularyOf(schema ?? {}, workers?.workers ?? [], workflows?.workflows ?? [], templates?.templates ?? []),
    [schema, workers, workflows, templates],
  );
}
