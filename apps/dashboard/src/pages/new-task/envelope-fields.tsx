import type { Violation } from '../../api/client';
import type { TaskType } from '../../api/types';
import { Field } from '../../ui/field';
import { labelOf, mistakeAt } from '../../forms/labels';
import type { Draft } from './submission';

type TextName = Exclude<keyof Draft, 'payload'>;

interface Props {
  type: TaskType;
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  violations: readonly Violation[];
}

const HINTS: Partial<Record<TextName, string>> = {
  tags: 'One a line.',
  delay_seconds: 'Not before so many seconds from now.',
  callback_url: 'Called with a signed POST when the task has ended.',
  metadata: 'Your own notes: a JSON object.',
};
const LONG = new Set<TextName>(['description', 'tags', 'metadata']);
const MORE = ['tags', 'delay_seconds', 'max_attempts', 'timeout_seconds', 'callback_url', 'metadata'] as const;

/** What every task has beside its payload. */
export function EnvelopeFields(props: Props) {
  const { type, draft, onChange, violations } = props;
  const names: TextName[] = type.needs_title ? [...MORE] : ['title', 'description', ...MORE];
  const touched = names.some((name) => draft[name] !== '' || mistakeAt(violations, `/${name}`, true) !== undefined);
  return (
    <>
      {type.needs_title && <TextField {...props} name="title" />}
      {type.needs_title && <TextField {...props} name="description" />}
      <details className="more" open={touched || undefined}>
        <summary>More: title, priority, delay, tags, callback …</summary>
        <div className="stack">
          {!type.needs_title && <TextField {...props} name="title" optional placeholder={type.title} />}
          {!type.needs_title && <TextField {...props} name="description" optional />}
          <Field label="Priority" mistake={mistakeAt(violations, '/priority', true)}>
            {(wiring) => (
              <select
                {...wiring}
                className="select"
                value={draft.priority}
                onChange={({ target }) => onChange({ priority: target.value })}
              >
                <option value="">normal</option>
                <option value="high">high</option>
                <option value="low">low</option>
              </select>
            )}
          </Field>
          {MORE.map((name) => (
            <TextField key={name} {...props} name={name} optional placeholder={placeholderOf(type, name)} />
          ))}
        </div>
      </details>
    </>
  );
}

function TextField({
  name,
  draft,
  onChange,
  violations,
  optional,
  placeholder,
}: Props & { name: TextName; optional?: boolean; placeholder?: string }) {
  return (
    <Field label={labelOf(name)} hint={HINTS[name]} mistake={mistakeAt(violations, `/${name}`, true)} optional={optional}>
      {(wiring) =>
        LONG.has(name) ? (
          <textarea
            {...wiring}
            className={`textarea short ${name === 'metadata' ? 'code' : ''}`}
            rows={2}
            value={draft[name]}
            onChange={({ target }) => onChange({ [name]: target.value })}
          />
        ) : (
          <input
            {...wiring}
            className="input"
            autoComplete="off"
            placeholder={placeholder}
            value={draft[name]}
            onChange={({ target }) => onChange({ [name]: target.value })}
          />
        )
      }
    </Field>
  );
}

function placeholderOf(type: TaskType, name: TextName): string | undefined {
  return { max_attempts: String(type.max_attempts), timeout_seconds: String(type.timeout_seconds) }[name as string];
}
