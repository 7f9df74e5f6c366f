// A supervisor with three tiny services, for a test that kills it. Its argument is a folder for their ready files.
import { join } from 'node:path';
import { Supervisor } from '../supervisor.js';
import { ALWAYS_THERE, SCRIPTS, tinyLaunch } from './tiny-services.js';

const dir = process.argv[2] ?? '';
const specs = ['a', 'b', 'c'].map((name) => ({
  name,
  stopsIn: 0,
  launch: async () => tinyLaunch(SCRIPTS.leavesWithParent, join(dir, `service-${name}`)),
  onOutput() {},
}));
const supervisor = new Supervisor(specs, { dependency: ALWAYS_THERE, onNews() {}, onGiveUp() {} });
await supervisor.ready();
setInterval(() => {}, 1_000);
