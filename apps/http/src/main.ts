import 'reflect-metadata';
import { runService } from '@baton/service-kit';
import { readSettings, readWorkerSettings } from './env.js';
import { startHttp } from './start-http.js';

await runService({
  name: 'http',
  start: async (context) => startHttp(readSettings(), context, readWorkerSettings()),
});
