import type { Schema } from '../api/types';
import { textOf, type Kind } from './form-value';

interface Props {
  kind: Kind;
  schema: Schema;
  value: unknown;
  onChange: (value: unknown) => void;
  wiring: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };
}

const INPUT_TYPES: Record<string, string> = { email: 'email', uri: 'url' };

/** The control that fits a kind of value. */
export function ValueInput({ kind, schema, value, onChange, wiring }: Props) {
  const text = textOf(value);
  const shared = { ...wiring, value: text, placeholder: placeholderOf(schema) };
  switch (kind) {
    case 'choice':
      return (
        <select {...wiring} className="select" value={text} onChange={({ target }) => onChange(target.value || undefined)}>
          <option value="">Choose…</option>
          {schema.enum!.map((option) => (
            <option key={String(option)} value={String(option)}>
              {String(option)}
            </option>
          ))}
        </select>
      );
    case 'flag':
      return (
        <select
          {...wiring}
          className="select"
          value={text}
          onChange={({ target }) => onChange(target.value === '' ? undefined : target.value === 'true')}
        >
          <option value="">As usual</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </select>
      );
    case 'long-text':
      return <textarea {...shared} className="textarea" rows={5} onChange={({ target }) => onChange(target.value)} />;
    case 'texts':
      return (
        <textarea
          {...shared}
          className="textarea short"
          rows={Math.min(text.split('\n').length, 6)}
          placeholder="One a line"
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case 'json':
      return (
        <textarea
          {...shared}
          className="textarea code"
          rows={3}
          spellCheck={false}
          placeholder="JSON"
          onChange={({ target }) => onChange(target.value)}
        />
      );
    default:
      return (
        <input
          {...shared}
          className="input"
          type={INPUT_TYPES[schema.format ?? ''] ?? 'text'}
          inputMode={kind === 'number' ? 'decimal' : undefined}
          autoComplete="off"
          onChange={({ target }) => onChange(target.value)}
        />
      );
  }
}

function placeholderOf({ examples, minimum, maximum }: Schema): string | undefined {
  if (examples?.[0] !== undefined) return textOf(examples[0]);
  return minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : undefined;
}
