import { Module } from '@nestjs/common';
import { MapItemsController } from './map-items.controller.js';

@Module({ controllers: [MapItemsController] })
export class MapItemsModule {}
