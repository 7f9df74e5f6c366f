/* For tests only, inside the test runner: runs driven as the hub drives them, and definitions of any shape. */
export { machineArbitrary, pathMachineArbitrary } from './arbitrary-definition.js';
export { mutated } from './mutations.js';
export { type Scenario, scenario } from './scenario.js';
