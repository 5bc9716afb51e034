import { setTimeout as pause } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context,
  type Span,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { PassingTracer, Tracer, VERSION, isTraceparent, type SpanOptions, type Trace } from '@app/tasks';

/** A collector that is away must not keep the process from ending. */
const GOODBYE_MS = 2_000;

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };

/** Makes spans and sends them by OTLP over HTTP. Sampler, batches, endpoint and headers are as OTEL_* says. */
export class OtlpTracer extends Tracer {
  private readonly provider: BasicTracerProvider;
  private readonly tracer: OtelTracer;
  private readonly passing = new PassingTracer();

  constructor(service: string) {
    super();
    this.provider = new BasicTracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': service, 'service.version': VERSION }))
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    this.tracer = this.provider.getTracer('taskwell', VERSION);
  }

  follow(traceparent: string): Trace {
    return {
      traceparent,
      span: (options, work) =>
        this.within(this.start(options, contextOf(traceparent)), work, () => this.passing.follow(traceparent)),
    };
  }

  serve<T>(options: SpanOptions, traceparent: string | undefined, work: (trace: Trace | null) => Promise<T>): Promise<T> {
    const given = isTraceparent(traceparent) ? traceparent : undefined;
    const span = this.start(options, given === undefined ? ROOT_CONTEXT : contextOf(given));
    return this.within<T, Trace | null>(span, work, () => (given === undefined ? null : this.passing.follow(given)));
  }

  async close(): Promise<void> {
    await Promise.race([this.provider.shutdown().catch(() => {}), pause(GOODBYE_MS, undefined, { ref: false })]);
  }

  private start({ kind, name, attributes }: SpanOptions, parent: Context): Span {
    return this.tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent);
  }

  /** @param unfollowed what the work gets if nobody samples this. */
  private async within<T, Unfollowed>(
    span: Span,
    work: (trace: Trace | Unfollowed) => Promise<T>,
    unfollowed: () => Unfollowed,
  ): Promise<T> {
    if (!span.isRecording()) return work(unfollowed());
    try {
      return await work(this.follow(traceparentOf(span)));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  }
}

function contextOf(traceparent: string): Context {
  const [, traceId, spanId, flags] = traceparent.split('-') as [string, string, string, string];
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
