// What the handlers of the fault suite share. They are loaded into Taskwell's own processes, by TEST_HANDLERS.
import { TaskHandler } from '../../../dist/libs/tasks/src/index.js';

/**
 * Makes a handler class of a function.
 *
 * @param {string} type
 * @param {(payload: any, context: import('../../../libs/tasks/src/handler.js').TaskContext) => unknown} run
 * @param {object} [options] further options of `TaskHandler`
 */
export function handler(type, run, options = {}) {
  class FaultHandler {
    async run(payload, context) {
      return run(payload ?? {}, context);
    }
  }
  TaskHandler({ type, title: type, timeoutSeconds: 60, ...options })(FaultHandler);
  return FaultHandler;
}
