import { AnomalyList, CalibrationReport, RunExpectation, WorkflowExpectation } from '@baton/contracts';
import { AnomalyQuery, CalibrationQuery, ExpectationQuery } from '../../expectations/expectation-queries.js';
import type { Operations } from '../operation.js';

export const expectationOperations: Operations = {
  'GET /v1/foresight/expectations': {
    id: 'expectWorkflow',
    tag: 'foresight',
    summary: 'What a run of a workflow would take: time, money, and the chance that it succeeds',
    description:
      'From the newest runs that ended: of the version and with an input of the size that is asked for where there are enough, else of the whole workflow, else nothing.',
    query: ExpectationQuery,
    answers: { 200: { description: 'What is expected, and from how many runs.', schema: WorkflowExpectation } },
  },
  'GET /v1/foresight/expectations/:id': {
    id: 'expectRun',
    tag: 'foresight',
    summary: 'What a run is expected to take, given what it has done, and what was expected when it began',
    answers: { 200: { description: 'What is expected, and from how many runs.', schema: RunExpectation } },
    refusals: [404, 409],
  },
  'GET /v1/foresight/calibration': {
    id: 'getCalibration',
    tag: 'foresight',
    summary: 'What was expected when runs began, held against what came',
    description: 'It is made of all runs, so a credential that is for certain runs alone is refused.',
    query: CalibrationQuery,
    answers: { 200: { description: 'How good it was, each with its number of runs.', schema: CalibrationReport } },
  },
  'GET /v1/anomalies': {
    id: 'listAnomalies',
    tag: 'foresight',
    summary: 'List what of runs was unlike the runs of their workflow before, newest first',
    query: AnomalyQuery,
    answers: { 200: { description: 'A page of anomalies.', schema: AnomalyList, headers: ['Link'] } },
    refusals: [404, 409],
  },
};
