import 'reflect-metadata';
import { runAgent } from '@baton/agents';
import { ValidatorModule } from './validator.module.js';

await runAgent({ agent: 'validator', module: ValidatorModule });
