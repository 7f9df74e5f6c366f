import { readTraceparent, traceIdOf } from '@baton/contracts';
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/*
 * Spans, with the API of OpenTelemetry alone: where nobody has set an SDK up in this process, they cost next to nothing, and the
 * trace of whoever asked goes through them unchanged.
 */

const SCOPE = 'baton';
const tracer = () => trace.getTracer(SCOPE);

export interface SpanAbout {
  readonly kind?: keyof typeof SpanKind;
  readonly attributes?: Attributes;
  /** The trace it belongs to; a trace of its own where this is absent or none, and no other span is under way. */
  readonly parent?: string | undefined;
  /** Without a parent it is a trace of its own, whatever is under way where it is begun. */
  readonly isRoot?: boolean;
  /** Other traces it has to do with. What is the same trace already, or none, is left out. */
  readonly links?: readonly (string | undefined)[];
}

/** A span that the caller ends. It is not the one that others begin under: see `inSpan`. */
export function startSpan(
  name: string,
  { kind = 'INTERNAL', attributes = {}, parent, isRoot = false, links = [] }: SpanAbout,
): Span {
  const under = contextUnder(parent, isRoot);
  const own = trace.getSpanContext(under)?.traceId;
  const others = links.flatMap((link) => linkTo(link, own));
  return tracer().startSpan(name, { kind: SpanKind[kind], attributes, links: others }, under);
}

/** Does the work in a span of its own: what begins within it belongs there. An error is noted, and thrown on. */
export async function inSpan<T>(name: string, about: SpanAbout, work: (span: Span) => Promise<T>): Promise<T> {
  const span = startSpan(name, about);
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (thrown) {
    failed(span, thrown);
    throw thrown;
  } finally {
    span.end();
  }
}

/** Notes the kind of an error. Its words may hold what nobody wants to have in a trace: they are in the log. */
export function failed(span: Span, thrown: unknown): void {
  const type = kindOf(thrown);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

const kindOf = (thrown: unknown): string => {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    return thrown.code;
  }
  return thrown instanceof Error ? thrown.name : '_OTHER';
};

/** The span as a `traceparent`; undefined where it belongs to no trace. */
export function traceparentOf(span: Span | undefined): string | undefined {
  const of = span?.spanContext();
  if (of === undefined || !isSpanContextValid(of)) return undefined;
  return `00-${of.traceId}-${of.spanId}-0${of.traceFlags & TraceFlags.SAMPLED}`;
}

/** The span that is under way, as a `traceparent`. */
export const activeTraceparent = (): string | undefined => traceparentOf(trace.getActiveSpan());

/** What a line of the log has of the span under way, in the names of OpenTelemetry. */
export function activeIds(): { readonly trace_id?: string; readonly span_id?: string } {
  const of = trace.getActiveSpan()?.spanContext();
  return of === undefined || !isSpanContextValid(of) ? {} : { trace_id: of.traceId, span_id: of.spanId };
}

const contextUnder = (parent: string | undefined, isRoot: boolean): Context => {
  const remote = spanContextOf(parent);
  if (remote !== null) return trace.setSpanContext(ROOT_CONTEXT, remote);
  return isRoot ? ROOT_CONTEXT : context.active();
};

function linkTo(traceparent: string | undefined, own: string | undefined): readonly Link[] {
  const other = spanContextOf(traceparent);
  return other === null || other.traceId === own ? [] : [{ context: other }];
}

function spanContextOf(traceparent: string | undefined): SpanContext | null {
  const read = readTraceparent(traceparent);
  if (read === undefined) return null;
  const isSampled = read.endsWith('1');
  return {
    traceId: traceIdOf(read),
    spanId: read.slice(36, 52),
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
}
