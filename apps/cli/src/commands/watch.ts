import { setTimeout as pause } from 'node:timers/promises';
import type { TaskView } from '../client.js';
import { idOf, type Command, type Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { taskText } from '../output.js';

const LOOK_MS = 500;
const FINAL = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

export const watch: Command = {
  usage: 'watch TASK_ID',
  summary: 'Wait for the end of a task, with a progress bar. Ends with 1 unless it COMPLETED.',
  run: (invocation) => watchTask(invocation, idOf(invocation)),
};

export async function watchTask({ client, output }: Invocation, id: string): Promise<number> {
  for (;;) {
    const task = await client.get<TaskView>(`/api/tasks/${id}`);
    if (FINAL.has(task.status)) {
      output.say(task, taskText(task));
      return task.status === 'COMPLETED' ? EXIT.ok : EXIT.taskFailed;
    }
    output.progress(task);
    await pause(LOOK_MS);
  }
}
