import { gzipSync } from 'node:zlib';
import * as pulumi from '@pulumi/pulumi';

interface Part {
  /** Path below /opt/taskwell to text. */
  files: Record<string, string>;
  /** What Compose is told: which profiles, and where the others are. Nothing secret. */
  environment: Record<string, pulumi.Input<string>>;
  /** Names of its secrets, which are those of the files that Compose expects. */
  secrets: readonly string[];
}

/**
 * What a fresh Debian machine runs once: installs Docker, writes the files, fetches its secrets,
 * and starts the parts that the environment names, now and at every boot.
 */
export function machineScript({ files, environment, secrets }: Part): pulumi.Output<string> {
  return pulumi.all(environment).apply((settings) => {
    const env = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
    return [
      '#!/bin/bash',
      'set -euo pipefail',
      'apt-get update && apt-get install -y --no-install-recommends docker.io docker-cli docker-compose awscli ca-certificates',
      'install -d -m 755 /opt/taskwell /opt/taskwell/db && install -d -m 711 /opt/taskwell/secrets && cd /opt/taskwell',
      ...Object.entries(files).map(([path, text]) => `base64 -d <<'EOF' | gunzip > ${path}\n${packed(text)}\nEOF`),
      `cat > .env <<'EOF'\n${env.join('\n')}\nSECRETS_DIR=/opt/taskwell/secrets\nEOF`,
      `token=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)`,
      `export AWS_DEFAULT_REGION=$(curl -s -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/placement/region)`,
      `for name in ${secrets.join(' ')}; do`,
      '  aws secretsmanager get-secret-value --secret-id "taskwell/$name" --query SecretString --output text | tr -d "\\n" > secrets/$name',
      'done',
      // Nobody logs in as root of MySQL from outside; kept so that it stays the same.
      '[ -s secrets/mysql_root_password ] || head -c 24 /dev/urandom | base64 | tr -d "+/\\n" > secrets/mysql_root_password',
      'touch secrets/grafana_password',
      'chmod 644 secrets/*',
      'systemctl enable --now docker',
      'docker compose up --no-build --detach',
      '',
    ].join('\n');
  });
}

/** AWS takes 16 kB of script. */
function packed(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64');
}
