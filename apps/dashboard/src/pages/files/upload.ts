import { Unreachable, refusal } from '../../api/client';
import type { Upload } from '../../api/types';

/** Sends files as one form: all are taken in, or none. @param onProgress bytes of the form that are sent, of so many */
export function upload(
  files: readonly File[],
  fields: { dataset: string },
  onProgress: (sent: number, total: number) => void,
): Promise<Upload> {
  const form = new FormData();
  if (fields.dataset !== '') form.append('dataset', fields.dataset);
  for (const file of files) form.append('file', file, file.name);
  // fetch cannot say how much of a body is sent.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onerror = () => reject(new Unreachable('the connection broke'));
    request.onload = () => {
      const { status, responseText } = request;
      if (status < 300) resolve(JSON.parse(responseText) as Upload);
      else reject(refusal(status, responseText, request.getResponseHeader('retry-after')));
    };
    request.open('POST', '/api/files');
    request.send(form);
  });
}
