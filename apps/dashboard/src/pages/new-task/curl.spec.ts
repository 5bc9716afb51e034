import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { readJson } from '../../api/json';
import { curlLine } from './curl';

describe('curlLine', () => {
  it('can be read', () => {
    expect(curlLine('http://localhost:8000', { type: 'text.reverse', payload: { text: 'abc' } })).toBe(
      [
        'curl http://localhost:8000/api/tasks \\',
        `  -H 'Content-Type: application/json' \\`,
        `  -d '{"type":"text.reverse","payload":{"text":"abc"}}'`,
      ].join('\n'),
    );
  });

  it('gives a shell the body as it is, whatever is in it', () => {
    const text = `it's "$HOME" \`id\` \\ !\n👩‍🚀 %s`;
    const line = curlLine('http://localhost', { payload: { text, big: readJson('12345678901234567890') } });
    const said = execFileSync('sh', ['-c', line.replace(/^curl/, 'set --') + '\nprintf %s "$5"'], { encoding: 'utf8' });

    expect(said).toContain('12345678901234567890');
    expect((readJson(said) as { payload: { text: string } }).payload.text).toBe(text);
  });
});
