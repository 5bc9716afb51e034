import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { describeWithKubectl, objectsOf, OVERLAYS, type K8sObject } from './k8s-objects.js';
import { ROOT } from './tools.js';

/** Where the models of an API group are: Kubernetes' own, unless listed. */
const PACKAGES: Record<string, string> = { 'keda.sh': '@kubernetes-models/keda' };
/** No package of models serves these; a check of our own below. */
const HAND_CHECKED = ['external-secrets.io/v1'];

function modelPath({ apiVersion, kind }: K8sObject): string {
  return `${PACKAGES[apiVersion.split('/')[0]!] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
}

/** Members that no type knows, wrong kinds of values and missing members, as the compiler finds them. */
function typeMistakes(objects: readonly K8sObject[]): string[] {
  const path = join(ROOT, 'test/deploy/objects.generated.ts');
  const lines = objects.map((object, index) => {
    const type = `import('${modelPath(object)}').I${object.kind}`;
    return `export const object${index}: ${type} = ${JSON.stringify(object)};`;
  });
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2022) : read(name, ...rest);
  return ts.getPreEmitDiagnostics(ts.createProgram([path], options, host)).map(({ messageText, file, start }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
    const { kind, metadata } = objects[line] ?? { kind: '', metadata: { name: '' } };
    return `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** What Kubernetes' own schema says against an object, or nothing. */
async function schemaMistake(object: K8sObject): Promise<string | undefined> {
  const model = (await import(modelPath(object))) as Record<string, new (data: unknown) => { validate(): void }>;
  try {
    new model[object.kind]!(object).validate();
    return undefined;
  } catch (error) {
    return `${object.kind} ${object.metadata.name}: ${(error as Error).message}`;
  }
}

describeWithKubectl('the schemas of deploy/k8s', () => {
  const modelled = (objects: readonly K8sObject[]) => objects.filter(({ apiVersion }) => !HAND_CHECKED.includes(apiVersion));

  it.each(OVERLAYS)('%s has no member that its kind does not know', (overlay) => {
    expect(typeMistakes(modelled(objectsOf(overlay)))).toEqual([]);
  });

  it.each(OVERLAYS)('%s fits the schema of every kind', async (overlay) => {
    const mistakes: (string | undefined)[] = [];
    for (const object of modelled(objectsOf(overlay))) mistakes.push(await schemaMistake(object));

    expect(mistakes.filter(Boolean)).toEqual([]);
  });

  it('notices a member that is misspelt, and a value of the wrong kind', async () => {
    const [deployment] = objectsOf('minikube').filter(({ kind }) => kind === 'Deployment');
    const [container] = deployment!.spec.template.spec.containers;

    container.livenessProbe.periodSeconds = '10';
    expect(typeMistakes([deployment!])).toEqual([expect.stringContaining(`'string' is not assignable to type 'number'`)]);
    expect(await schemaMistake(deployment!)).toContain('periodSeconds must be integer');

    container.livenessProbe = {};
    container.readinesProbe = {};
    expect(typeMistakes([deployment!])).toEqual([expect.stringContaining('readinesProbe')]);
  });

  it('asks for external secrets as their operator understands it', () => {
    const [secret, ...others] = objectsOf('production').filter(({ apiVersion }) => HAND_CHECKED.includes(apiVersion));
    const { data, ...spec } = secret!.spec;

    expect(others).toEqual([]);
    expect(secret!.kind).toBe('ExternalSecret');
    expect(spec).toEqual({
      refreshInterval: expect.stringMatching(/^\d+[smh]$/),
      secretStoreRef: { kind: 'ClusterSecretStore', name: expect.any(String) },
      target: { name: 'taskwell' },
    });
    for (const entry of data) expect(entry).toEqual({ secretKey: expect.any(String), remoteRef: { key: expect.any(String) } });
  });
});
