import 'reflect-metadata';
import { runService } from '@baton/service-kit';
import { readValidatorEnv } from './env.js';
import { startValidator } from './validator.js';

await runService({ name: 'validator', start: (context) => startValidator(context, readValidatorEnv()) });
