import 'reflect-metadata';
import { runService } from '@baton/service-kit';
import { readProgrammerEnv } from './env.js';
import { startProgrammer } from './programmer.js';

await runService({ name: 'programmer', start: (context) => startProgrammer(context, readProgrammerEnv()) });
