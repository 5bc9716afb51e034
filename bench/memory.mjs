// `npm run bench:memory`: how much memory the processes take at most. See README.md.
import { benchmark, whole } from './benchmark.mjs';

const OPTIONS = {
  tasks: { type: 'string', default: '1000000' },
  only: { type: 'string' },
};

await benchmark(OPTIONS, async ({ tasks, only }) => {
  const { measureMemory } = await import('./measure-memory.mjs');
  await measureMemory({ tasks: whole('tasks', tasks), only });
});
