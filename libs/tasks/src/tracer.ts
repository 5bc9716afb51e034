/** What a part of the work is, as OpenTelemetry has it. */
export type SpanKind = 'server' | 'consumer' | 'client';

export interface SpanOptions {
  kind: SpanKind;
  name: string;
  attributes?: Readonly<Record<string, string | number>>;
}

/** A place in a trace. */
export interface Trace {
  /** It as W3C Trace Context writes it, for whom is called from here. */
  readonly traceparent: string;

  /** Does a part of the work as a span of its own, that fails if the part does. */
  span<T>(options: SpanOptions, work: (trace: Trace) => Promise<T>): Promise<T>;
}

/** Follows work from process to process. */
export abstract class Tracer {
  /** Goes on with a trace that began elsewhere. */
  abstract follow(traceparent: string): Trace;

  /** Does the work of a request as a span. The trace is null if nobody follows this request: then no trace of it need be kept. */
  abstract serve<T>(options: SpanOptions, traceparent: string | undefined, work: (trace: Trace | null) => Promise<T>): Promise<T>;
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** Passes on what others follow, and makes no spans. */
export class PassingTracer extends Tracer {
  follow(traceparent: string): Trace {
    const trace: Trace = { traceparent, span: (_options, work) => work(trace) };
    return trace;
  }

  serve<T>(_options: SpanOptions, traceparent: string | undefined, work: (trace: Trace | null) => Promise<T>): Promise<T> {
    return work(isTraceparent(traceparent) ? this.follow(traceparent) : null);
  }
}

/** True for what version 00 of W3C Trace Context calls valid. */
export function isTraceparent(text: unknown): text is string {
  return typeof text === 'string' && text.length === 55 && TRACEPARENT.test(text);
}

/** Makes a part of the work a span of the trace, if there is one. */
export function inSpan<T>(trace: Trace | undefined, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  return trace ? trace.span(options, work) : work();
}

/** Makes an HTTP call a span of the trace, if there is one. `headers` carry the trace on to the host that is called. */
export function traced<T>(
  trace: Trace | undefined,
  method: string,
  url: string,
  call: (headers: Record<string, string>) => Promise<T>,
): Promise<T> {
  if (!trace) return call({});
  const { host } = new URL(url);
  const attributes = { 'http.request.method': method, 'server.address': host };
  return trace.span({ kind: 'client', name: `${method} ${host}`, attributes }, ({ traceparent }) => call({ traceparent }));
}
