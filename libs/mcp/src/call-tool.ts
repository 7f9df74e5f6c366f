import { GatewayRefused } from '@baton/client';
import { BatonError, didYouMean, explainIssues, toError } from '@baton/contracts';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { type Call, isOffered, type Tool, type ToolPorts } from './tool.js';
import { ALL_TOOLS } from './tools/all-tools.js';

/** Uses a tool by its name. Whatever goes wrong is an answer that a model can read, and says what to do. */
export async function callTool(
  ports: ToolPorts,
  { name, arguments: given = {} }: { readonly name: string; readonly arguments?: unknown },
  call: Call,
): Promise<CallToolResult> {
  const tool = ALL_TOOLS.find((each) => each.name === name);
  if (tool === undefined)
    return failed(
      `There is no tool ${name.slice(0, 100)}.${didYouMean(
        name,
        ALL_TOOLS.map((each) => each.name),
      )}`,
    );
  if (!isOffered(tool, ports.principal)) return failed(notOffered(tool, ports));
  const read = tool.read(given);
  if (!read.success) return failed(misfit(tool, read.error, given));
  try {
    const { value, text, page } = await tool.use(ports, read.data, call);
    const link = page === undefined ? '' : `\n${ports.dashboardUrl}${page}`;
    return { content: [{ type: 'text', text: `${text}${link}` }], structuredContent: value };
  } catch (thrown) {
    return failed(sayError(thrown));
  }
}

const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true });

function notOffered({ name, roles, isForAdmins }: Tool, { principal }: ToolPorts): string {
  const { roles: has } = principal;
  const wanted = [...roles, ...(isForAdmins ? ['admin'] : [])].join(' or ');
  const who = has.length === 0 ? 'no role' : `the role ${has.join(' and ')}`;
  return `${name} needs the role ${wanted}, and the key that this server asks with has ${who}. Nothing was done. Ask whoever runs Baton for a key with that role, or do it in the dashboard.`;
}

const MOST_ISSUES = 10;

function misfit({ name, input }: Tool, error: z.ZodError, given: unknown): string {
  const issues = explainIssues(error, given, input).slice(0, MOST_ISSUES);
  const said = issues.map(
    ({ path, detail }) => `${path.length === 0 ? 'the arguments' : path.map(String).join('.')}: ${detail}`,
  );
  return `The arguments do not fit ${name}, and nothing was done: ${said.join('; ')}.`;
}

/** What went wrong, and what to do about it. */
function sayError(thrown: unknown): string {
  const error = toError(thrown);
  const next = error instanceof BatonError && error.next !== undefined ? ` ${error.next}` : '';
  const places =
    error instanceof GatewayRefused
      ? error.errors
          .map(({ pointer, detail }) => ` ${pointer}: ${detail}${/[.?!]$/.test(detail) ? '' : '.'}`)
          .slice(0, MOST_ISSUES)
      : [];
  const code = error instanceof BatonError ? ` (${error.code})` : '';
  return `${error.message}${code}${places.join('')}${next}`;
}
