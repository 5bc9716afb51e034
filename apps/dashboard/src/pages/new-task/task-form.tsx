import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { Refused, send } from '../../api/client';
import type { Accepted, TaskType } from '../../api/types';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { CopyBlock } from '../../ui/copy';
import { Field } from '../../ui/field';
import { curlLine } from './curl';
import { EnvelopeFields } from './envelope-fields';
import { kindOf } from '../../forms/form-value';
import { LiveResult } from './live-result';
import { mistakeAt } from '../../forms/labels';
import { SchemaForm } from '../../forms/schema-form';
import { submissionOf, type Draft } from './submission';
import { ValueInput } from '../../forms/value-input';

/** The form of one type; the line for a shell and the result are beside it. */
export function TaskForm({ type, draft: initial }: { type: TaskType; draft: Draft }) {
  const [draft, setDraft] = useState(initial);
  const submission = submissionOf(type, draft);
  const submit = useMutation({ mutationFn: () => send<Accepted>('POST', '/api/tasks', submission) });
  const violations = submit.error instanceof Refused ? submit.error.violations : [];
  const schema = type.payload_schema;
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  return (
    <div className="form-grid">
      <form
        noValidate
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit.mutate();
        }}
      >
        <Card title={type.title}>
          <div className="stack">
            {type.description !== null && <p className="muted">{type.description}</p>}
            {kindOf(schema) === 'group' ? (
              <SchemaForm
                schema={schema}
                value={draft.payload}
                onChange={(payload) => set({ payload })}
                at="/payload"
                violations={violations}
              />
            ) : (
              !type.needs_title && (
                <Field label="Payload" mistake={mistakeAt(violations, '/payload', true)} optional>
                  {(wiring) => (
                    <ValueInput
                      kind="json"
                      schema={schema}
                      value={draft.payload}
                      onChange={(payload) => set({ payload })}
                      wiring={wiring}
                    />
                  )}
                </Field>
              )
            )}
            <EnvelopeFields type={type} draft={draft} onChange={set} violations={violations} />
          </div>
        </Card>
        {submit.error && (
          <p className="notice red" role="alert">
            {submit.error.message}
            {unplaced(violations)}
          </p>
        )}
        <div className="row">
          <Button type="submit" look="primary" disabled={submit.isPending}>
            <Send aria-hidden />
            Submit task
          </Button>
        </div>
      </form>
      <div className="stack form-aside">
        {submit.data && <LiveResult key={submit.data.task_id} id={submit.data.task_id} />}
        <Card title="The same with curl" flush>
          <CopyBlock label="the curl line" text={curlLine(window.location.origin, submission)} />
        </Card>
      </div>
    </div>
  );
}

/** What is wrong with no place of the form to show it at. */
function unplaced(violations: readonly { pointer: string; detail: string }[]): string {
  const here = violations.filter(({ pointer }) => pointer === '' || pointer === '/payload');
  return here.map(({ detail }) => ` It ${detail}.`).join('');
}
