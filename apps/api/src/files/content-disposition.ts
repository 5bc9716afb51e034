/**
 * A `Content-Disposition` that makes browsers save the file under its name (RFC 6266): in ASCII for old clients, where what is not
 * harmless is an underscore, and in UTF-8 for all others.
 */
export function attachment(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const utf8 = encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
