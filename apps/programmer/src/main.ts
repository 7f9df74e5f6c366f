import 'reflect-metadata';
import { runAgent } from '@baton/agents';
import { ProgrammerModule } from './programmer.module.js';

await runAgent({ agent: 'programmer', module: ProgrammerModule });
