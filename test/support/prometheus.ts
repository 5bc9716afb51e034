import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';
import type { Scope } from './scope.js';

const GIVEN = join(import.meta.dirname, '../../deploy/prometheus');
const BOOT_MS = 30_000;

interface Scrape {
  job_name: string;
}
interface Answer<Data> {
  status: 'success' | 'error';
  data: Data;
  error?: string;
}
export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}
export interface Rule {
  name: string;
  health: 'ok' | 'unknown' | 'err';
  lastError?: string;
}
interface Target {
  labels: { job: string };
  health: 'up' | 'down' | 'unknown';
  lastError: string;
}

/** Debian's Prometheus with the rules and jobs of deploy/prometheus. Only targets and intervals are the test's own. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly written: () => string,
  ) {}

  /** @param targets job to host and port; jobs without targets are left out. */
  static async start(scope: Scope, targets: Record<string, string[]>): Promise<Prometheus> {
    const home = await mkdtemp(join(tmpdir(), 'taskwell-prometheus-'));
    scope.onEnd(() => rm(home, { recursive: true, force: true }));
    await cp(join(GIVEN, 'rules'), join(home, 'rules'), { recursive: true });
    await writeFile(join(home, 'prometheus.yml'), await configured(targets));

    const address = `127.0.0.1:${await freePort()}`;
    let output = '';
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(home, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(home, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise((resolve) => child.on('close', resolve));
    scope.onEnd(async () => {
      child.kill('SIGTERM');
      await ended;
    });

    const started = new Prometheus(`http://${address}`, () => output);
    await started.ready();
    return started;
  }

  /** @throws Error with Prometheus' own words if it refuses the query. */
  async query(expr: string): Promise<Sample[]> {
    return (await this.get<{ result: Sample[] }>(`query?${new URLSearchParams({ query: expr }).toString()}`)).result;
  }

  async rules(): Promise<Rule[]> {
    return (await this.get<{ groups: { rules: Rule[] }[] }>('rules')).groups.flatMap(({ rules }) => rules);
  }

  async targets(): Promise<Target[]> {
    return (await this.get<{ activeTargets: Target[] }>('targets')).activeTargets;
  }

  private async get<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const answer = (await response.json()) as Answer<Data>;
    if (answer.status !== 'success') throw new Error(`Prometheus refuses ${path}: ${answer.error}`);
    return answer.data;
  }

  private async ready(): Promise<void> {
    const look = async () => (await fetch(`${this.url}/-/ready`)).ok;
    await eventually('Prometheus is ready', look, { within: BOOT_MS }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.written()}`);
    });
  }
}

async function configured(targets: Record<string, string[]>): Promise<string> {
  const given = parse(await readFile(join(GIVEN, 'prometheus.yml'), 'utf8')) as { scrape_configs: (Scrape & object)[] };
  const scrapes = given.scrape_configs
    .filter(({ job_name }) => targets[job_name])
    .map((scrape) => ({
      ...scrape,
      dns_sd_configs: undefined,
      file_sd_configs: undefined,
      static_configs: [{ targets: targets[scrape.job_name] }],
    }));
  return stringify({ ...given, global: { scrape_interval: '1s', evaluation_interval: '1s' }, scrape_configs: scrapes });
}
