import 'reflect-metadata';
import { runAgent } from '@baton/agents';
import { PlannerModule } from './planner.module.js';

await runAgent({ agent: 'planner', module: PlannerModule });
