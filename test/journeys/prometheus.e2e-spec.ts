import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { describeWithProgram, ROOT } from '../deploy/tools.js';
import { Api, reverseTask } from '../support/api.js';
import { deploy } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { Prometheus } from '../support/prometheus.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

interface Dashboard {
  panels: { targets: { expr: string }[] }[];
}
interface RuleFile {
  groups: { rules: { alert: string; expr: string }[] }[];
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const QUERIES = (JSON.parse(read('deploy/grafana/dashboards/taskwell.json')) as Dashboard).panels
  .flatMap(({ targets }) => targets)
  .map(({ expr }) => expr.replaceAll('$__rate_interval', '1m'));
const ALERTS = (parse(read('deploy/prometheus/rules/taskwell.yml')) as RuleFile).groups.flatMap(({ rules }) => rules);

/** What a stack without trouble and without callbacks has no samples of. */
const OF_TROUBLE = /callbacks_total|database_errors_total|broker_errors_total|status="FAILED"/;
const WITHIN = { within: 60_000, every: 250 };

describeWithProgram('prometheus', 'prometheus', ['--version'])('Prometheus', () => {
  describeWithServers('beside an API and a worker', () => {
    const scope = scopeOfSuite();
    let prometheus: Prometheus;

    beforeAll(async () => {
      const { apis, workers } = await deploy(scope);
      const hosts = (processes: typeof apis) => processes.map(({ url }) => new URL(url).host);
      prometheus = await Prometheus.start(scope, { 'taskwell-api': hosts(apis), 'taskwell-worker': hosts(workers) });
      await eventually('both are scraped', async () => (await prometheus.query('up == 1')).length === 2, WITHIN);

      const api = new Api(apis[0]!.url);
      const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => api.submitted(reverseTask(`text ${n}`))));
      await Promise.all(ids.map((id) => api.untilFinal(id)));
    }, 120_000);

    it('scrapes both with the jobs of deploy/prometheus', async () => {
      const targets = await prometheus.targets();

      expect(targets.map(({ labels, health, lastError }) => [labels.job, health, lastError]).sort()).toEqual([
        ['taskwell-api', 'up', ''],
        ['taskwell-worker', 'up', ''],
      ]);
    });

    it('counts every task that ran', async () => {
      const finished = 'sum(taskwell_tasks_finished_total{type="text.reverse",status="COMPLETED"})';

      await eventually('all have been counted', async () => (await prometheus.query(finished))[0]?.value[1] === '20', WITHIN);
    }, 90_000);

    it.each(QUERIES.filter((expr) => !OF_TROUBLE.test(expr)))(
      'has data for the dashboard: %s',
      async (expr) => {
        await eventually('there is a sample', async () => (await prometheus.query(expr)).length, WITHIN);
      },
      90_000,
    );

    it.each(QUERIES.filter((expr) => OF_TROUBLE.test(expr)))('understands the dashboard: %s', async (expr) => {
      expect(await prometheus.query(expr)).toEqual(expect.any(Array));
    });

    it.each(ALERTS)('understands the condition of $alert', async ({ expr }) => {
      expect(await prometheus.query(expr)).toEqual(expect.any(Array));
    });

    it('evaluates every alert rule by itself', async () => {
      const rules = await eventually(
        'all were evaluated',
        async () => {
          const seen = await prometheus.rules();
          return seen.every(({ health }) => health !== 'unknown') && seen;
        },
        WITHIN,
      );

      expect(rules.map(({ name, health, lastError }) => [name, health, lastError])).toEqual(
        ALERTS.map(({ alert }) => [alert, 'ok', undefined]),
      );
    }, 90_000);
  });
});
