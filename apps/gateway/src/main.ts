import 'reflect-metadata';
import { runService } from '@baton/service-kit';
import { startGateway } from './gateway.js';

await runService({ name: 'gateway', start: startGateway });
