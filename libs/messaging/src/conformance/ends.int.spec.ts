import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Messaging, openMessaging } from '../messaging.js';
import { eventually } from '../testing/recorder.js';
import { backends, type TestServer } from '../testing/test-servers.js';

describe.each(backends)('ends of runs on $name', ({ isAvailable, open }) => {
  describe.skipIf(!isAvailable)('are told', () => {
    let server: TestServer;
    let hub: Messaging;
    let other: Messaging;

    beforeAll(async () => {
      server = await open();
      hub = await openMessaging(server.config, { name: 'ends-hub' });
      other = await openMessaging(server.config, { name: 'ends-other' });
    });
    afterAll(async () => {
      await other?.close();
      await hub?.close();
      await server?.drop();
    });

    it('to every process that listens, once each, however many they are', async () => {
      const heard: string[] = [];
      const heardHere: string[] = [];
      const stops = [
        await other.hearEnds((ids) => heard.push(...ids)),
        await hub.hearEnds((ids) => heardHere.push(...ids)),
      ];
      const ids = Array.from({ length: 450 }, () => crypto.randomUUID());
      hub.tellEnds(ids);
      await eventually(() => expect(heard.length).toBe(450));
      await eventually(() => expect(heardHere.length).toBe(450));
      expect(new Set(heard)).toEqual(new Set(ids));
      expect(new Set(heardHere)).toEqual(new Set(ids));
      for (const stop of stops) stop();
    });

    it('and so is the lane that a hub gives away', async () => {
      const heard: number[] = [];
      const stop = await other.hearLanes((lane) => heard.push(lane));
      await hub.tellLane(7);
      await eventually(() => expect(heard).toEqual([7]));
      stop();
    });

    it('to nobody who has stopped to listen, while another still does', async () => {
      const heard: string[] = [];
      const late: string[] = [];
      const stop = await other.hearEnds((ids) => heard.push(...ids));
      const stopLate = await other.hearEnds((ids) => late.push(...ids));
      stop();
      hub.tellEnds(['r-1']);
      await eventually(() => expect(late).toEqual(['r-1']));
      expect(heard).toEqual([]);
      stopLate();
      const again: string[] = [];
      const stopAgain = await other.hearEnds((ids) => again.push(...ids));
      hub.tellEnds(['r-2']);
      await eventually(() => expect(again).toEqual(['r-2']));
      expect(late).toEqual(['r-1']);
      stopAgain();
    });

    it('without a throw where nobody can be told', async () => {
      const gone = await openMessaging(server.config, { name: 'ends-gone' });
      await gone.close();
      expect(() => gone.tellEnds(['r-1'])).not.toThrow();
      await sleep(50);
    });
  });
});
