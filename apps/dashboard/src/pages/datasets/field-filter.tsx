import { useState } from 'react';
import { Button } from '../../ui/button';

interface Filter {
  field: string;
  value: string;
}

/** Only the rows whose field has a value. */
export function FieldFilter({
  fields,
  filter,
  onChange,
}: {
  fields: readonly string[];
  filter: Filter;
  onChange: (filter: Filter) => void;
}) {
  const [draft, setDraft] = useState(filter);
  return (
    <form
      className="row wrap field-filter"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(draft);
      }}
    >
      <select
        className="select"
        aria-label="Field"
        value={draft.field}
        onChange={({ target }) => setDraft({ ...draft, field: target.value })}
      >
        <option value="">Any field</option>
        {fields.map((field) => (
          <option key={field}>{field}</option>
        ))}
      </select>
      <input
        className="input"
        aria-label="Value"
        placeholder="has the value"
        value={draft.value}
        disabled={draft.field === ''}
        onChange={({ target }) => setDraft({ ...draft, value: target.value })}
      />
      <Button type="submit">Filter</Button>
      {filter.field !== '' && (
        <Button look="quiet" onClick={() => onChange({ field: '', value: '' })}>
          Show all
        </Button>
      )}
    </form>
  );
}
