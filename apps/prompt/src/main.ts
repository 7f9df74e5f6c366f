import 'reflect-metadata';
import { runAgent } from '@baton/agents';
import { PromptModule } from './prompt.module.js';

await runAgent({ agent: 'prompt', module: PromptModule });
