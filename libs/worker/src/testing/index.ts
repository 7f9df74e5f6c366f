export { WorkerFixture } from './worker-fixture.js';
