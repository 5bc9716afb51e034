// `npm run bench:import`: how fast a CSV of ten fields becomes rows, and in how much memory. See README.md.
import { benchmark, whole } from './benchmark.mjs';

const OPTIONS = {
  rows: { type: 'string', default: '1000000' },
  only: { type: 'string' },
  kills: { type: 'string' },
};

await benchmark(OPTIONS, async ({ rows, only, kills }) => {
  const { measureImport } = await import('./measure-import.mjs');
  await measureImport({ rows: whole('rows', rows), only, kills: kills === undefined ? 0 : whole('kills', kills) });
});
