import { Plus, Trash2 } from 'lucide-react';
import type { Violation } from '../api/client';
import type { Schema } from '../api/types';
import { Button, IconButton } from '../ui/button';
import { Field } from '../ui/field';
import { emptyValue, kindOf } from './form-value';
import { labelOf, mistakeAt } from './labels';
import { ValueInput } from './value-input';

interface Props {
  schema: Schema;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Where it stands in the submission: a JSON pointer. */
  at: string;
  violations: readonly Violation[];
}

/** A form for a payload, made from its schema. What is wrong is said by the API and shown where it belongs. */
export function SchemaForm({ schema, value, onChange, at, violations }: Props) {
  const members = (value ?? {}) as Record<string, unknown>;
  return (
    <div className="stack">
      {Object.entries(schema.properties ?? {}).map(([name, member]) => (
        <Member
          key={name}
          name={name}
          schema={member}
          optional={!schema.required?.includes(name)}
          value={members[name]}
          onChange={(changed) => onChange({ ...members, [name]: changed })}
          at={`${at}/${name}`}
          violations={violations}
        />
      ))}
    </div>
  );
}

function Member({ name, schema, optional, value, onChange, at, violations }: Props & { name: string; optional: boolean }) {
  const kind = kindOf(schema);
  const label = labelOf(name);
  if (kind === 'list') return <List {...{ name: label, schema, value, onChange, at, violations }} />;
  if (kind === 'group') {
    return (
      <fieldset className="group">
        <legend className="label">{label}</legend>
        <SchemaForm schema={schema} value={value} onChange={onChange} at={at} violations={violations} />
      </fieldset>
    );
  }
  const mistake = mistakeAt(violations, at, true);
  return (
    <Field label={label} hint={schema.description} optional={optional} mistake={mistake}>
      {(wiring) => <ValueInput kind={kind} schema={schema} value={value} onChange={onChange} wiring={wiring} />}
    </Field>
  );
}

function List({ name, schema, value, onChange, at, violations }: Props & { name: string }) {
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const mistake = mistakeAt(violations, at, false);
  return (
    <fieldset className="group">
      <legend className="label">{name}</legend>
      {schema.description && <p className="hint">{schema.description}</p>}
      {mistake && <p className="mistake">{mistake}</p>}
      {items.map((item, index) => (
        <div key={index} className="list-item">
          <div className="row spread">
            <p className="label num">{index + 1}</p>
            <IconButton
              small
              look="quiet"
              label={`Remove ${index + 1}`}
              disabled={items.length <= (schema.minItems ?? 0)}
              onClick={() => onChange(items.toSpliced(index, 1))}
            >
              <Trash2 aria-hidden />
            </IconButton>
          </div>
          <SchemaForm
            schema={schema.items!}
            value={item}
            onChange={(changed) => onChange(items.with(index, changed))}
            at={`${at}/${index}`}
            violations={violations}
          />
        </div>
      ))}
      <Button small onClick={() => onChange([...items, emptyValue(schema.items!)])}>
        <Plus aria-hidden />
        Add one
      </Button>
    </fieldset>
  );
}
