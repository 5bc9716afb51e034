import { beforeAll, describe, expect, it } from '@jest/globals';
import { envKey, Settings } from '@app/config';
import {
  describeWithKubectl,
  labelsOfPods,
  objectsOf,
  OVERLAYS,
  selects,
  workloadsOf,
  type K8sObject,
  type Selector,
} from './k8s-objects.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- k8s-schemas.spec.ts checks what is in it
type Container = Record<string, any>;
interface Path {
  path: string;
  backend: { service: { name: string } };
}

const SETTINGS = Object.keys(new Settings()).map(envKey);
const isOurs = (workload: K8sObject) => workload.kind === 'Deployment';
const containersOf = (workload: K8sObject) => workload.spec.template.spec.containers as Container[];
const named = (objects: readonly K8sObject[], kind: string) => objects.filter((object) => object.kind === kind);

describeWithKubectl('deploy/k8s', () => {
  describe.each(OVERLAYS)('%s', (overlay) => {
    let objects: K8sObject[];
    beforeAll(() => {
      objects = objectsOf(overlay);
    });

    it('puts everything into its namespace', () => {
      for (const object of objects) {
        if (object.kind !== 'Namespace') expect(object.metadata).toMatchObject({ namespace: 'taskwell' });
      }
    });

    it('names a version of every image, never the latest', () => {
      const images = workloadsOf(objects)
        .flatMap(containersOf)
        .map(({ image }) => image as string);

      expect(images.length).toBeGreaterThanOrEqual(2);
      for (const image of images) expect(image).toMatch(/^[^:]+:(?!latest$)[\w.-]+$/);
    });

    it('runs nothing as root, with capabilities or on a root that can be written', () => {
      for (const workload of workloadsOf(objects)) {
        const { securityContext, automountServiceAccountToken, hostNetwork, hostPID } = workload.spec.template.spec;
        expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
        expect(securityContext.runAsUser).toBeGreaterThan(0);
        expect({ automountServiceAccountToken, hostNetwork, hostPID }).toEqual({ automountServiceAccountToken: false });
        for (const container of containersOf(workload)) {
          expect(container.securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
        }
      }
    });

    it('asks for and limits processor and memory', () => {
      for (const container of workloadsOf(objects).flatMap(containersOf)) {
        const amounts = { cpu: expect.any(String), memory: expect.any(String) };
        expect(container.resources).toEqual({ requests: amounts, limits: amounts });
      }
    });

    it('probes everything, ours by /livez and /readyz on the port they listen on', () => {
      const { port, workerPort } = new Settings();
      for (const workload of workloadsOf(objects)) {
        const [container] = containersOf(workload);
        const { startupProbe, livenessProbe, readinessProbe } = container!;
        expect([startupProbe, livenessProbe, readinessProbe]).not.toContain(undefined);
        if (!isOurs(workload)) continue;
        expect(livenessProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
        expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
        expect(container!.ports).toEqual([{ name: 'http', containerPort: workload.metadata.name === 'api' ? port : workerPort }]);
      }
    });

    it('gives a drain the time it may take', () => {
      const { data } = named(objects, 'ConfigMap')[0]!;
      for (const workload of workloadsOf(objects).filter(isOurs)) {
        const { terminationGracePeriodSeconds } = workload.spec.template.spec;
        const { sleep } = containersOf(workload)[0]!.lifecycle.preStop;
        expect(terminationGracePeriodSeconds).toBeGreaterThan(sleep.seconds + Number(data.SHUTDOWN_GRACE_SECONDS) + 10);
      }
    });

    it('sets only settings that there are, and nothing secret among them', () => {
      for (const { data } of named(objects, 'ConfigMap')) {
        for (const key of Object.keys(data)) expect(SETTINGS).toContain(key);
        for (const value of Object.values(data)) expect(value).not.toMatch(/:\/\/[^/]*:[^/]*@/);
      }
      for (const { env } of workloadsOf(objects).filter(isOurs).flatMap(containersOf)) {
        for (const { name } of env) expect(SETTINGS.map((key) => `${key}_FILE`)).toContain(name);
      }
    });

    it('mounts every file that a setting names, from a secret that has it', () => {
      const keys = new Map([
        ...named(objects, 'Secret').map(({ metadata, data }) => [metadata.name, Object.keys(data)] as const),
        ...named(objects, 'ExternalSecret').map(
          ({ spec }) => [spec.target.name, spec.data.map(({ secretKey }: { secretKey: string }) => secretKey)] as const,
        ),
      ]);
      for (const workload of workloadsOf(objects)) {
        const { volumes } = workload.spec.template.spec;
        const [container] = containersOf(workload);
        for (const { name, value, valueFrom } of container!.env) {
          if (valueFrom) expect(keys.get(valueFrom.secretKeyRef.name)).toContain(valueFrom.secretKeyRef.key);
          if (!name.endsWith('_FILE')) continue;
          const mount = container!.volumeMounts.find(({ mountPath }: { mountPath: string }) => value.startsWith(`${mountPath}/`));
          const volume = volumes.find((one: { name: string }) => one.name === mount?.name);
          expect(keys.get(volume?.secret?.secretName)).toContain(value.slice(mount.mountPath.length + 1));
        }
      }
    });

    it('selects pods that there are, by every selector', () => {
      const pods = workloadsOf(objects).map(labelsOfPods);
      const selectors: [string, Selector][] = [
        ...named(objects, 'Service').flatMap(({ metadata, spec }): [string, Selector][] =>
          spec.selector ? [[metadata.name, { matchLabels: spec.selector }]] : [],
        ),
        ...[...named(objects, 'PodDisruptionBudget'), ...workloadsOf(objects)].map(({ metadata, spec }): [string, Selector] => [
          metadata.name,
          spec.selector,
        ]),
        ...named(objects, 'NetworkPolicy').map(({ metadata, spec }): [string, Selector] => [metadata.name, spec.podSelector]),
      ];
      const selectNothing = selectors.filter(([, selector]) => !pods.some((labels) => selects(selector, labels)));

      expect(selectors.length).toBeGreaterThan(8);
      expect(selectNothing).toEqual([]);
      for (const workload of workloadsOf(objects)) expect(selects(workload.spec.selector, labelsOfPods(workload))).toBe(true);
    });

    it('closes every door by default, and opens a port only to somebody', () => {
      const policies = named(objects, 'NetworkPolicy');
      expect(policies.map(({ spec }) => spec)).toContainEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      for (const { spec } of policies) {
        for (const { from, ports } of spec.ingress ?? []) expect([from?.length, ports?.length]).not.toContain(undefined);
        for (const { to, ports } of spec.egress ?? []) expect([to?.length, ports?.length]).not.toContain(undefined);
      }
      for (const [name, port] of [
        ['api', 8000],
        ['worker', 8001],
      ] as const) {
        const open = policies.filter(
          ({ spec }) => spec.ingress && selects(spec.podSelector, { 'app.kubernetes.io/component': name }),
        );
        expect(open.flatMap(({ spec }) => spec.ingress).flatMap(({ ports }) => ports)).toEqual([{ protocol: 'TCP', port }]);
      }
    });

    it('scales and spreads what it runs several of, and lets one be evicted', () => {
      const deployments = named(objects, 'Deployment');
      const [scaler] = named(objects, 'HorizontalPodAutoscaler');
      expect(scaler!.spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' });
      expect(deployments.find(({ metadata }) => metadata.name === 'api')!.spec.replicas).toBeUndefined();
      for (const deployment of deployments) {
        const labels = labelsOfPods(deployment);
        expect(named(objects, 'PodDisruptionBudget').filter(({ spec }) => selects(spec.selector, labels))).toHaveLength(1);
        for (const { labelSelector } of deployment.spec.template.spec.topologySpreadConstraints) {
          expect(selects(labelSelector, labels)).toBe(true);
        }
      }
    });

    it('sends requests to services that there are, and hides what is for those inside', () => {
      const services = new Map(named(objects, 'Service').map(({ metadata, spec }) => [metadata.name, spec]));
      const paths = named(objects, 'Ingress')[0]!.spec.rules[0].http.paths as Path[];
      for (const { backend } of paths) expect(services.has(backend.service.name)).toBe(true);
      const withoutPods = paths.filter(({ backend }) => !services.get(backend.service.name)!.selector).map(({ path }) => path);
      expect(withoutPods).toEqual(['/metrics', '/readyz', '/livez']);
    });
  });

  it('scales production workers by how long tasks wait', () => {
    const objects = objectsOf('production');
    const [scaled] = named(objects, 'ScaledObject');
    const [worker] = named(objects, 'Deployment').filter(({ metadata }) => metadata.name === scaled!.spec.scaleTargetRef.name);

    expect(worker!.spec.replicas).toBeUndefined();
    expect(scaled!.spec.triggers).toEqual([
      {
        type: 'prometheus',
        metricType: 'Value',
        metadata: {
          serverAddress: expect.stringMatching(/^http:\/\//),
          query: expect.stringContaining('taskwell_queue_oldest_ready_seconds'),
          threshold: expect.stringMatching(/^\d+$/),
          activationThreshold: expect.stringMatching(/^\d+$/),
        },
      },
    ]);
  });
});
