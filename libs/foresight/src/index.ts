export { anomaliesOf, type Usual, usualOf } from './anomalies.js';
export { calibrationOf, type Judged } from './calibration.js';
export { expectationOf } from './expectation.js';
export { type Fate, failuresOf, MOST_FATES } from './failures.js';
export { type FullOutcome, type History, MOST_SAMPLES, type StepOutcome } from './outcome.js';
export { outlookOf, type Progress } from './outlook.js';
export { quantilesOf } from './quantile.js';
export { bytesOfInput, sizeClassOf } from './size-class.js';
