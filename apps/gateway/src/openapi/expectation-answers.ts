import {
  AnomalyList,
  AnomalyView,
  Calibration,
  CalibrationReport,
  Expectation,
  Outlook,
  RunExpectation,
  WorkflowExpectation,
} from '@baton/contracts';

/** Of what was expected of runs, and what was unusual of them. */
export const EXPECTATION_ANSWERS = {
  AnomalyList,
  AnomalyView,
  Calibration,
  CalibrationReport,
  Expectation,
  Outlook,
  RunExpectation,
  WorkflowExpectation,
};
