export { type DecidedDue, decideDue, MOST_AT_ONCE } from './decide-due.js';
export { dueNow, upcoming } from './due-now.js';
export { afterQuiet } from './quiet-hours.js';
export { startOf } from './start-of.js';
export { isProblem, type Timetable, timetable } from './timetable.js';
export { isTimeZone } from './wall-clock.js';
