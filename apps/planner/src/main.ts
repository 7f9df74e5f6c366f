import 'reflect-metadata';
import { runService } from '@baton/service-kit';
import { readPlannerEnv } from './env.js';
import { startPlanner } from './planner.js';

await runService({ name: 'planner', start: (context) => startPlanner(context, readPlannerEnv()) });
