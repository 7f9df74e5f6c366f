import 'reflect-metadata';
import { runAgent } from '@baton/agents';
import { TesterModule } from './tester.module.js';

await runAgent({ agent: 'tester', module: TesterModule });
