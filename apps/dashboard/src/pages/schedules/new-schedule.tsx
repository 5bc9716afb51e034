import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Refused, send } from '../../api/client';
import { useTypes } from '../../api/use-types';
import type { Schedule, TaskType } from '../../api/types';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormFoot } from '../../ui/form-foot';
import { Loaded } from '../../ui/loaded';
import { mistakeAt } from '../../forms/labels';
import { SchemaForm } from '../../forms/schema-form';
import { emptyDraft, submissionOf, type Draft } from '../new-task/submission';
import { TickPreview } from './tick-preview';
import '../new-task/new-task.css';

/** Makes a schedule. */
export function NewSchedule({ onClose }: { onClose: () => void }) {
  const types = useTypes();
  return (
    <Dialog title="New schedule" wide onClose={onClose}>
      <Loaded query={types}>
        {(items) => <ScheduleForm types={items.filter(({ type }) => type !== 'file.import')} onClose={onClose} />}
      </Loaded>
    </Dialog>
  );
}

function ScheduleForm({ types, onClose }: { types: TaskType[]; onClose: () => void }) {
  const client = useQueryClient();
  const [type, setType] = useState(types[0]!);
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(type));
  const [when, setWhen] = useState({ title: '', cron: '0 7 * * MON-FRI', time_zone: ZONE });
  const make = useMutation({
    mutationFn: () => {
      const { title, ...terms } = when;
      return send<Schedule>('POST', '/api/schedules', { ...(title && { title }), ...terms, task: submissionOf(type, draft) });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['schedules'] });
      onClose();
    },
  });
  const violations = make.error instanceof Refused ? make.error.violations : [];
  const change =
    (name: keyof typeof when) =>
    ({ target }: { target: { value: string } }) =>
      setWhen({ ...when, [name]: target.value });
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Field label="Title" optional mistake={mistakeAt(violations, '/title', false)}>
        {(wiring) => <input {...wiring} className="input" value={when.title} onChange={change('title')} />}
      </Field>
      <div className="two-fields">
        <Field label="Cron" hint="Minute, hour, day, month, weekday." mistake={mistakeAt(violations, '/cron', false)}>
          {(wiring) => <input {...wiring} className="input mono" value={when.cron} onChange={change('cron')} />}
        </Field>
        <Field label="Time zone" mistake={mistakeAt(violations, '/time_zone', false)}>
          {(wiring) => (
            <select {...wiring} className="select" value={when.time_zone} onChange={change('time_zone')}>
              {ZONES.map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <TickPreview cron={when.cron} timeZone={when.time_zone} />
      <Field label="Task" mistake={mistakeAt(violations, '/task/type', false)}>
        {(wiring) => (
          <select
            {...wiring}
            className="select"
            value={type.type}
            onChange={({ target }) => {
              const chosen = types.find((one) => one.type === target.value)!;
              setType(chosen);
              setDraft(emptyDraft(chosen));
            }}
          >
            {types.map((one) => (
              <option key={one.type} value={one.type}>
                {one.title} ({one.type})
              </option>
            ))}
          </select>
        )}
      </Field>
      {type.needs_title ? (
        (['title', 'description'] as const).map((name) => (
          <Field key={name} label={`Task ${name}`} mistake={mistakeAt(violations, `/task/${name}`, false)}>
            {(wiring) => (
              <input
                {...wiring}
                className="input"
                value={draft[name]}
                onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
              />
            )}
          </Field>
        ))
      ) : (
        <SchemaForm
          schema={type.payload_schema}
          value={draft.payload}
          onChange={(payload) => setDraft({ ...draft, payload })}
          at="/task/payload"
          violations={violations}
        />
      )}
      <FormFoot verb="Make schedule" error={make.error} pending={make.isPending} onClose={onClose} />
    </form>
  );
}

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = [...new Set(['UTC', ZONE, ...Intl.supportedValuesOf('timeZone')])];
