import type { Distribution } from './distribution.js';
import type { Count, Metrics } from './metrics.js';

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** What stands for all paths that no route takes: clients can make up any number of them. */
const UNKNOWN = 'unknown';

interface RouteMetrics {
  byStatus: Map<number, Count>;
  seconds: Distribution;
}

/** Counts requests by route, never by path. */
export class HttpMetrics {
  private readonly byRoute = new Map<string, Map<string, RouteMetrics>>();
  private readonly requests: (...values: string[]) => Count;
  private readonly seconds: (...values: string[]) => Distribution;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter('taskwell_http_requests_total', 'Requests that were answered.', [
      'route',
      'method',
      'status',
    ]);
    this.seconds = metrics.histogram(
      'taskwell_http_request_seconds',
      'From a request to the end of its answer.',
      ['route', 'method'],
      BOUNDS,
    );
  }

  /** @param route the pattern of the route; undefined if there is none for the path. */
  answered(route: string | undefined, method: string, status: number, ms: number): void {
    const { byStatus, seconds } = this.of(route ?? UNKNOWN, METHODS.has(method) ? method : 'other');
    seconds.add(ms / 1000);
    let count = byStatus.get(status);
    if (!count)
      byStatus.set(status, (count = this.requests(route ?? UNKNOWN, METHODS.has(method) ? method : 'other', String(status))));
    count.value++;
  }

  private of(route: string, method: string): RouteMetrics {
    let byMethod = this.byRoute.get(route);
    if (!byMethod) this.byRoute.set(route, (byMethod = new Map<string, RouteMetrics>()));
    let found = byMethod.get(method);
    if (!found) byMethod.set(method, (found = { byStatus: new Map<number, Count>(), seconds: this.seconds(route, method) }));
    return found;
  }
}
