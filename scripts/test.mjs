// `npm test`: installs and builds what is missing, then runs every suite; the last line counts them all.
// `npm test -- libs/tasks` hands its arguments to jest and runs what they select.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensureNode } from './ensure.mjs';

const root = join(import.meta.dirname, '..');
const total = { passed: 0, failed: 0, skipped: 0 };

ensureNode();
ensureInstalled();
ensureBuilt();

const selection = process.argv.slice(2);
if (selection.length > 0) await jest('What the arguments select', selection);
else await everything();

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function everything() {
  const { missingServers } = await import('../test/support/servers.mjs');
  const { missingChromium } = await import('../test/support/chromium.mjs');
  const { mysql, rabbitmq, s3 } = await missingServers();
  const chromium = missingChromium();
  const lines = [];
  if (mysql) lines.push(`No MySQL or MariaDB (${mysql}). TEST_MYSQL_URL names another one.`);
  if (rabbitmq) lines.push(`No RabbitMQ (${rabbitmq}). TEST_AMQP_URL names another one.`);
  const several = lines.length === 0;
  if (s3) lines.push(`No S3 server (${s3}). TEST_S3_ENDPOINT names another one.`);
  if (chromium) lines.push(`No Chromium (${chromium}). CHROMIUM_PATH names another one.`);
  for (const line of lines) console.log(line);
  if (lines.length > 0 && process.env.REQUIRE_SERVERS === '1') {
    console.log('REQUIRE_SERVERS=1 wants all of them.');
    total.failed++;
    return;
  }

  await jest('Units, contracts and stores', [
    '--testPathIgnorePatterns',
    '/node_modules/',
    '/test/(e2e|journeys|dashboard)/',
    '--maxWorkers',
    '2',
  ]);
  await jest('The contract, embedded', ['--testPathPatterns', 'test/e2e/'], { TARGET: 'embedded' });
  if (several) {
    await jest('The contract, two APIs and two workers', ['--testPathPatterns', 'test/e2e/'], { TARGET: 'distributed' });
  }
  await jest('Journeys', ['--testPathPatterns', 'test/journeys/', '--maxWorkers', '2']);
  if (!chromium) await jest('The dashboard in a browser', ['--testPathPatterns', 'test/dashboard/', '--maxWorkers', '1']);

  if (lines.length === 0) return;
  console.log('\nLeft out:');
  if (mysql) console.log('  the specs of the MySQL store');
  if (rabbitmq) console.log('  the specs of the RabbitMQ transport');
  if (s3) console.log('  the specs of files in S3');
  if (!several) {
    console.log('  the contract against two APIs and two workers');
    console.log('  the journeys of several processes: sharing, and the loss of workers, APIs, broker and database');
  }
  if (chromium) console.log('  the journeys through the dashboard');
  for (const line of lines) console.log(`Because: ${line}`);
}

/** Runs jest once and adds its counts to the total. */
async function jest(title, args, env = {}) {
  console.log(`\n== ${title}`);
  const folder = mkdtempSync(join(tmpdir(), 'taskwell-jest-'));
  const report = join(folder, 'report.json');
  const code = await run(
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'].concat(
      ['--json', '--outputFile', report],
      args,
    ),
    env,
  );
  const failedBefore = total.failed;
  count(report);
  rmSync(folder, { recursive: true });
  // A run that ended badly counts, whatever it reported.
  if (code !== 0 && total.failed === failedBefore) total.failed++;
}

function count(report) {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    total.passed += counts.numPassedTests;
    total.failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
    total.skipped += counts.numPendingTests + counts.numTodoTests;
  } catch {
    total.failed++;
  }
}

function run(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      // jest writes its report to standard output too; the progress is on standard error.
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
