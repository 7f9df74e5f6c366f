import { describe, expect, test } from 'vitest';
import { runnableHere } from './deliverable.js';

describe('a test command for this machine', () => {
  test('names the Node that Baton runs on', () => {
    expect(runnableHere('node --test', '/opt/node24/bin/node')).toBe('/opt/node24/bin/node --test');
    expect(runnableHere('node', '/opt/node')).toBe('/opt/node');
  });

  test('quotes a path that the shell would take apart', () => {
    expect(runnableHere('node --test', "/home/o'hara/my node")).toBe("'/home/o'\\''hara/my node' --test");
  });

  test('leaves other commands as they are', () => {
    expect(runnableHere('python3 -m unittest', '/opt/node')).toBe('python3 -m unittest');
    expect(runnableHere('node-gyp x', '/opt/node')).toBe('node-gyp x');
  });
});
