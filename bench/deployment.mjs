/**
 * Opens a deployment of a system, lends it to `work`, and closes it whatever happens, also when the benchmark is interrupted.
 * `seed` fills its database before.
 */
export async function withDeployment(system, work, seed) {
  const deployment = await system.open(seed);
  const interrupted = () => void deployment.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await work(deployment);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await deployment.close();
  }
}
