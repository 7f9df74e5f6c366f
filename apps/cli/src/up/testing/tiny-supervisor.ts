// A supervisor with three tiny services, for a test that kills it. Its arguments are a folder for their ready files, and what they do.
import { join } from 'node:path';
import { Supervisor } from '../supervisor.js';
import { ALWAYS_THERE, SCRIPTS, tinyLaunch } from './tiny-services.js';

const dir = process.argv[2] ?? '';
const script = process.argv[3] === 'answers' ? SCRIPTS.answers : SCRIPTS.leavesWithParent;
const specs = ['a', 'b', 'c'].map((name) => ({
  name,
  stopsIn: 0,
  launch: async () => tinyLaunch(script, join(dir, `service-${name}`)),
  onOutput() {},
}));
const liveness = { everyMs: 50, answerMs: 300, silentMs: 800, bootMs: 30_000 };
const supervisor = new Supervisor(specs, { dependency: ALWAYS_THERE, liveness, onNews() {}, onGiveUp() {} });
await supervisor.ready();
setInterval(() => {}, 1_000);
