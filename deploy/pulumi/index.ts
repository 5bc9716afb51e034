import { createLargeStack } from './src/large.js';
import { readSettings } from './src/settings.js';
import { createSmallStack } from './src/small.js';

const settings = readSettings();
const stack = settings.size === 'small' ? createSmallStack(settings) : createLargeStack(settings);

export const { apiUrl, bucket } = stack;
