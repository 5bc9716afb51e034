export { countErrors } from './count-errors.js';
export { HttpMetrics } from './http-metrics.js';
export { Metrics } from './metrics.js';
export { MetricsModule } from './metrics.module.js';
export { isScraper } from './scraper.js';
