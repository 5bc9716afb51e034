import { writeJson } from '../../api/json';

/** The line for a shell that submits the same. */
export function curlLine(origin: string, submission: unknown): string {
  return [
    `curl ${shell(`${origin}/api/tasks`)}`,
    `-H 'Content-Type: application/json'`,
    `-d ${shell(writeJson(submission))}`,
  ].join(' \\\n  ');
}

/** Nothing in single quotes means anything to a shell but the quote itself. */
function shell(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
