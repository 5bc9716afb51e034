import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { PassingTracer, Tracer } from '@app/tasks';

/** Follows work as the standard OTEL_* variables say. Without them OpenTelemetry is not even loaded. */
@Global()
@Module({})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(Tracer) private readonly tracer: Tracer & { close?(): Promise<void> }) {}

  /** @param service what this process is called unless OTEL_SERVICE_NAME says. */
  static forRoot(service: string, env: NodeJS.ProcessEnv = process.env): DynamicModule {
    return {
      module: TracingModule,
      providers: [{ provide: Tracer, useFactory: () => openTracer(service, env) }],
      exports: [Tracer],
    };
  }

  /** Sends what was not sent yet. */
  async onApplicationShutdown(): Promise<void> {
    await this.tracer.close?.();
  }
}

async function openTracer(service: string, env: NodeJS.ProcessEnv): Promise<Tracer> {
  if (!isWanted(env)) return new PassingTracer();
  const { OtlpTracer } = await import('./otlp-tracer.js');
  return new OtlpTracer(service);
}

function isWanted(env: NodeJS.ProcessEnv): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false;
  return Boolean(env.OTEL_TRACES_EXPORTER || env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}
