import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './platform.mjs';

/**
 * Runs a command and shows its output, on standard error, only when it fails.
 * @param {readonly string[]} command
 * @param {string} cwd
 * @param {string} failure what to tell then
 * @returns {Promise<void>}
 */
export function runQuietly([program = '', ...args], cwd, failure) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const output = [];
    const detach = passSignalsTo(() => child);
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => {
      detach();
      reject(new SetupError(`${program} does not start (${error.message}). ${failure}`));
    });
    child.once('close', (code, signal) => {
      detach();
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(output));
      if (signal !== null) process.exit(exitCodeOf(code, signal));
      reject(new SetupError(failure));
    });
  });
}

/**
 * Runs a command in the foreground, as if it had been called in our place.
 * @param {readonly string[]} command
 * @returns {Promise<number>} its exit code
 */
export function runInPlace([program = '', ...args]) {
  return new Promise((resolve, reject) => {
    const detach = passSignalsTo(() => child);
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', (error) => reject(new SetupError(`${program} does not start (${error.message}).`)));
    child.once('exit', (code, signal) => {
      detach();
      resolve(exitCodeOf(code, signal));
    });
  });
}

/** As a shell says it. @param {number | null} code @param {NodeJS.Signals | null} signal */
const exitCodeOf = (code, signal) => code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/**
 * Ctrl-C on a terminal reaches the child by itself, so only what cannot have come from a terminal is passed on. Called before
 * the child is started: a signal that came between would end this process alone, and leave the child behind.
 * @param {() => import('node:child_process').ChildProcess} childOf
 */
function passSignalsTo(childOf) {
  const isOnTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !isOnTerminal) childOf().kill(signal);
  };
  /** @type {readonly NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}
