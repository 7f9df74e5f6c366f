import {
  CreateLineage,
  LineageList,
  LineageLog,
  LineageView,
  WorkspaceUploaded,
  WorkspaceView,
} from '@baton/contracts';
import { LineageListQuery, LineageLogQuery, TreeQuery } from '../../http/queries.js';
import type { Operations } from '../operation.js';

export const workspaceOperations: Operations = {
  'POST /v1/workspaces': {
    id: 'uploadWorkspace',
    tag: 'workspaces',
    summary: 'Upload files that a run is to work on',
    rawBody: { types: ['application/x-tar'], description: 'The files as a tar archive.' },
    answers: { 201: { description: 'The version that they are now.', schema: WorkspaceUploaded } },
    refusals: [422],
  },
  'GET /v1/workspaces/:tree': {
    id: 'getWorkspace',
    tag: 'workspaces',
    summary: 'The files of a version',
    query: TreeQuery,
    answers: {
      200: {
        description: 'The list of files; as `application/x-tar` the files themselves.',
        schema: WorkspaceView,
        texts: { 'application/x-tar': 'A tar archive.' },
        headers: ['ETag'],
      },
    },
    refusals: [404, 422],
  },
  'POST /v1/lineages': {
    id: 'createLineage',
    tag: 'workspaces',
    summary: 'Begin a line of versions that several runs work on',
    headers: ['Idempotency-Key'],
    body: CreateLineage,
    answers: { 201: { description: 'The lineage.', schema: LineageView } },
    refusals: [404, 409, 422],
  },
  'GET /v1/lineages': {
    id: 'listLineages',
    tag: 'workspaces',
    summary: 'List lineages by name',
    query: LineageListQuery,
    answers: { 200: { description: 'A page of lineages.', schema: LineageList, headers: ['Link'] } },
  },
  'GET /v1/lineages/:name': {
    id: 'getLineage',
    tag: 'workspaces',
    summary: 'A lineage with its head',
    answers: { 200: { description: 'The lineage.', schema: LineageView } },
    refusals: [404],
  },
  'GET /v1/lineages/:name/versions': {
    id: 'listLineageVersions',
    tag: 'workspaces',
    summary: 'What was landed on a lineage, newest first',
    query: LineageLogQuery,
    answers: { 200: { description: 'A page of versions.', schema: LineageLog, headers: ['Link'] } },
    refusals: [404],
  },
};
