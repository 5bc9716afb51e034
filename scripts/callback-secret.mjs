// `npm run callback-secret`: prints the secrets that callbacks are signed with, one a line.
import { readCallbackSecrets } from './read-callback-secrets.mjs';

console.log((await readCallbackSecrets()).join('\n'));
