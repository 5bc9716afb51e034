export { Redactor, scrub } from './redactor.js';
