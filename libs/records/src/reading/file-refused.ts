/** The file as a whole cannot be read; no further attempt will change that. The message is for the client. */
export class FileRefused extends Error {
  override name = 'FileRefused';
}
