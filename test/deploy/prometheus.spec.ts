import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { describeWithProgram, ROOT, run } from './tools.js';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}
interface Panel {
  title: string;
  targets: { expr: string }[];
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const rules = (parse(read('deploy/prometheus/rules/taskwell.yml')) as { groups: [{ rules: Rule[] }] }).groups[0].rules;
const panels = (JSON.parse(read('deploy/grafana/dashboards/taskwell.json')) as { panels: Panel[] }).panels;

/** Name to labels of every metric, as docs/observability.md lists them; its own tests keep that equal to what is served. */
const METRICS = new Map(
  [...read('docs/observability.md').matchAll(/`(taskwell_\w+)(?:\{([\w,]+)\})?`(, histogram)?/g)].flatMap(
    ([, name, labels = '', histogram]): [string, string[]][] =>
      histogram ? [[`${name}_bucket`, [...labels.split(','), 'le']]] : [[name!, labels.split(',')]],
  ),
);
/** What Prometheus and Kubernetes add. */
const ADDED = ['job', 'instance', 'namespace'];

/** Metrics and labels of a query that nobody serves. */
function strangersIn(expr: string): string[] {
  const names = [...expr.matchAll(/taskwell_\w+/g)].map(([name]) => name);
  const known = names.flatMap((name) => METRICS.get(name) ?? []).concat(ADDED);
  const labels = [...expr.matchAll(/(?:by|without) \(([^)]*)\)|(\w+)(?:=~|!=|!~|=)"/g)].flatMap(([, list, one]) =>
    (list ?? one ?? '').split(/,\s*/),
  );
  return [...names.filter((name) => !METRICS.has(name)), ...labels.filter((label) => !known.includes(label))];
}

describe('what Prometheus and Grafana are told', () => {
  it('asks only for metrics and labels that there are', () => {
    const queries = [...rules.map(({ expr }) => expr), ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];

    expect(METRICS.size).toBeGreaterThan(20);
    expect(queries.flatMap(strangersIn)).toEqual([]);
  });

  it('shows every metric on the dashboard', () => {
    const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join(' ');

    expect([...METRICS.keys()].filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('says of every alert what it means, and where docs/operations.md says what to do', () => {
    const headings = [...read('docs/operations.md').matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading);

    expect(rules.map(({ alert }) => alert).sort()).toEqual(headings.sort());
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity).toMatch(/^(warning|critical)$/);
      expect(annotations).toEqual({
        summary: expect.stringMatching(/\.$/),
        description: expect.stringMatching(/\.$/),
        runbook_url: `docs/operations.md#${alert.toLowerCase()}`,
      });
    }
  });
});

describeWithProgram('promtool', 'prometheus', ['--version'])('promtool', () => {
  it('takes the configuration and every rule', () => {
    expect(run('promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml'])).toContain('rules found');
  });

  it('sees every alert fire on what it is about, and none when all is well', () => {
    expect(run('promtool', ['test', 'rules', 'test/deploy/alerts.test.yml'])).toContain('SUCCESS');
  });
});
