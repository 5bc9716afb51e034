import { Logger } from 'graphile-worker';

/** Says nothing about single jobs. */
export const LOGGER = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message);
});
