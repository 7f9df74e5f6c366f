import 'reflect-metadata';
import { runAgent } from '@baton/agents';
import { AdvisorModule } from './advisor.module.js';

await runAgent({ agent: 'advisor', module: AdvisorModule });
