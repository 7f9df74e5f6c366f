import {
  CreateScheduleBody,
  RunAccepted,
  runIdHere,
  SCHEDULE_LABEL,
  type ScheduleDetail,
  type ScheduleList,
  ScheduleName,
  ScheduleView,
} from '@baton/contracts';
import { databaseTimeMs, listSchedules, noteManualStart, removeSchedule } from '@baton/event-store';
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { sha256Of } from '../auth/key-format.js';
import { parseBody, parseParameters } from '../http/parse.js';
import { once } from '../once/once.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { submitRun } from '../runs/submit-run.js';
import { rest, takeOver, workAgain } from './change-schedule.js';
import { prepareSchedule } from './create-schedule.js';
import { changed, requireSchedule, scheduleEtag, scheduleToChange } from './find-schedule.js';
import { detailOf, viewOf } from './schedule-views.js';

const Address = z.strictObject({ name: ScheduleName });
const nameOf = (address: string): string => parseParameters(Address, { name: address }).name;

/** When runs are started by themselves. The orchestrators start them; here it is said and looked at. */
@Controller('v1/schedules')
export class SchedulesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  async create(
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleView> {
    const asked = parseBody(CreateScheduleBody, body);
    const request = { key, route: 'POST /v1/schedules', asked, answer: ScheduleView };
    const created = await once(this.parts, request, () => prepareSchedule(this.parts, asked));
    reply.headers({ location: `/v1/schedules/${created.name}`, etag: scheduleEtag(created) });
    return created;
  }

  @Get()
  async list(): Promise<ScheduleList> {
    const { schedules, unreadable } = await listSchedules(this.parts.pool);
    return { schedules: schedules.map(viewOf), unreadable: [...unreadable] };
  }

  @Get(':name')
  async get(@Param('name') address: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ScheduleDetail> {
    const { pool } = this.parts;
    const schedule = await requireSchedule(this.parts, nameOf(address));
    // What the tag is for is a change: what it started meanwhile is none.
    reply.headers({ etag: scheduleEtag(schedule), 'cache-control': 'private, no-cache' });
    return detailOf(pool, schedule, await databaseTimeMs(pool));
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@Param('name') address: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    const schedule = await scheduleToChange(this.parts, nameOf(address), ifMatch);
    // Who names no version means it as it is now, also where somebody changed it right now.
    const version = ifMatch === undefined ? null : schedule.version;
    const isRemoved = await removeSchedule(this.parts.pool, { ...schedule, version });
    if (!isRemoved && version !== null) throw changed(schedule.name);
  }

  @Post(':name/pause')
  @HttpCode(200)
  pause(
    @Param('name') address: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleView> {
    return this.#change(address, ifMatch, reply, 'paused');
  }

  @Post(':name/resume')
  @HttpCode(200)
  resume(
    @Param('name') address: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleView> {
    return this.#change(address, ifMatch, reply, 'active');
  }

  @Post(':name/trigger')
  @HttpCode(202)
  trigger(@Param('name') address: string, @Headers('idempotency-key') key: string | undefined): Promise<RunAccepted> {
    const { parts } = this;
    const route = `POST /v1/schedules/${address}/trigger`;
    return once(parts, { key, route, asked: {}, answer: RunAccepted }, async () => {
      const schedule = await scheduleToChange(parts, nameOf(address), undefined);
      const { scheduleId, name, run } = schedule;
      // Where this is cut off and asked for again, it is the same run.
      const asked = key === undefined ? parts.newId() : sha256Of(JSON.stringify([scheduleId, key])).toString('hex');
      const requestId = `trigger:${asked}`;
      const labels = { ...run.labels, [SCHEDULE_LABEL]: name };
      // Where there are several logs, by chance it would belong in another one than its schedule.
      const place = parts.shard.of === 1 ? {} : { runId: runIdHere(requestId, parts.shard) };
      const accepted = await submitRun(parts, { ...run, ...place, labels }, requestId);
      const at = new Date(await databaseTimeMs(parts.pool));
      return async (connection) => {
        await noteManualStart(connection, { scheduleId, at, requestId, runId: accepted.runId });
        return accepted;
      };
    });
  }

  @Post(':name/take-over')
  @HttpCode(200)
  async takeOver(
    @Param('name') address: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleView> {
    const after = await takeOver(this.parts, await scheduleToChange(this.parts, nameOf(address), ifMatch));
    reply.header('etag', scheduleEtag(after));
    return viewOf(after);
  }

  async #change(
    address: string,
    ifMatch: string | undefined,
    reply: FastifyReply,
    status: 'active' | 'paused',
  ): Promise<ScheduleView> {
    const before = await scheduleToChange(this.parts, nameOf(address), ifMatch);
    const after = await (status === 'paused' ? rest(this.parts, before) : workAgain(this.parts, before));
    reply.header('etag', scheduleEtag(after));
    return viewOf(after);
  }
}
