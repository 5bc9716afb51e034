import { Inject } from '@nestjs/common';
import { Deliverer, type Delivered } from '@app/callbacks';
import { CALLBACK_TYPE, TaskHandler, type DeliveryPayload, type Handler, type TaskContext } from '@app/tasks';

/** Longer than the longest schedule's longest wait. */
const LONGEST_WAIT_SECONDS = 10_000_000;

/** Tells a receiver of the end of a task. It may be told twice, with the same webhook-id. */
@TaskHandler({
  type: CALLBACK_TYPE,
  title: 'Deliver a callback',
  internal: true,
  detached: true,
  timeoutSeconds: 300,
  // The deliverer says how long to wait.
  retry: { firstDelaySeconds: 0, maxDelaySeconds: LONGEST_WAIT_SECONDS },
})
export class CallbackDeliverHandler implements Handler<DeliveryPayload, Delivered> {
  constructor(@Inject(Deliverer) private readonly deliverer: Deliverer) {}

  run(payload: DeliveryPayload, context: TaskContext): Promise<Delivered> {
    return this.deliverer.deliver(payload, context);
  }
}
