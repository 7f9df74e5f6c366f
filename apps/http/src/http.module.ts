import { Module } from '@nestjs/common';
import { HttpController } from './http.controller.js';

@Module({ controllers: [HttpController] })
export class HttpModule {}
