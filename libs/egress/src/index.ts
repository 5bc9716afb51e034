export { Egress, type EgressAnswer, type EgressOptions, type EgressRequest } from './egress.js';
export { EgressModule } from './egress.module.js';
export { EgressFailure, type EgressFailureKind } from './egress-failure.js';
export { EgressPolicy } from './policy.js';
export { retryAfterMs } from './retry-after.js';
