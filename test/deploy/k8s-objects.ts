import { parseAllDocuments } from 'yaml';
import { describeWithProgram, run } from './tools.js';

export const OVERLAYS = ['minikube', 'production'] as const;

export const describeWithKubectl = describeWithProgram('kubectl', 'kubernetes-client', ['version', '--client']);

export interface K8sObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every kind has its own, and k8s-schemas.spec.ts checks it
  [member: string]: any;
}

/** What `kubectl apply -k` would send for an overlay. */
export function objectsOf(overlay: string): K8sObject[] {
  const text = run('kubectl', ['kustomize', `deploy/k8s/overlays/${overlay}`]);
  return parseAllDocuments(text).map((document) => document.toJS() as K8sObject);
}

/** Deployments and StatefulSets. */
export function workloadsOf(objects: readonly K8sObject[]): K8sObject[] {
  return objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
}

export function labelsOfPods(workload: K8sObject): Record<string, string> {
  return workload.spec.template.metadata.labels as Record<string, string>;
}

export interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether a selector means pods with these labels, as far as the manifests here use selectors. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Record<string, string>): boolean {
  for (const { operator } of matchExpressions) if (operator !== 'In') throw new Error(`Operator ${operator} is not known here.`);
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values = [] }) => values.includes(labels[key] ?? ''))
  );
}
