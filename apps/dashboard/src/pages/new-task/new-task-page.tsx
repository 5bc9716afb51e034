import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { get } from '../../api/client';
import { useMay } from '../../api/session';
import { useTypes } from '../../api/use-types';
import type { Task, TaskType } from '../../api/types';
import { Page } from '../../shell/page';
import { Empty, Loading } from '../../ui/message';
import { Loaded } from '../../ui/loaded';
import { TaskForm } from './task-form';
import { draftOf, emptyDraft } from './submission';
import './new-task.css';

/** Uploads make these tasks; a form cannot. */
const NOT_HERE = new Set(['file.import']);

/** What is shown before anybody has chosen. */
const FIRST = 'text.reverse';

/** A form for every type of task; `?from=` fills it in with another task. */
export default function NewTaskPage() {
  const [params, setParams] = useSearchParams();
  const types = useTypes();
  const from = params.get('from');
  const original = useQuery({
    queryKey: ['task', from],
    queryFn: ({ signal }) => get<Task>(`/api/tasks/${from}`, {}, signal),
    enabled: from !== null,
    staleTime: Infinity,
  });
  const maySubmit = useMay('tasks:submit');
  if (!maySubmit) {
    return (
      <Page title="New task">
        <Empty title="You may look, but not submit" />
      </Page>
    );
  }
  return (
    <Page title={from === null ? 'New task' : 'Duplicate and edit'}>
      <Loaded query={types}>
        {(items) => {
          const offered = items.filter(({ type }) => !NOT_HERE.has(type));
          const name = original.data?.type ?? params.get('type');
          const chosen = offered.find(({ type }) => type === (name ?? FIRST)) ?? offered[0]!;
          if (from !== null && original.isPending) return <Loading />;
          return (
            <div className="stack loose">
              {from === null && (
                <TypeList types={offered} chosen={chosen} onChoose={(type) => setParams({ type }, { replace: true })} />
              )}
              <TaskForm
                key={`${chosen.type} ${from}`}
                type={chosen}
                draft={original.data ? draftOf(chosen, original.data) : emptyDraft(chosen)}
              />
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}

function TypeList({ types, chosen, onChoose }: { types: TaskType[]; chosen: TaskType; onChoose: (type: string) => void }) {
  return (
    <div className="type-list" role="group" aria-label="Type of task">
      {types.map(({ type, title }) => (
        <button key={type} type="button" className="type-card" aria-pressed={type === chosen.type} onClick={() => onChoose(type)}>
          <span className="type-title">{title}</span>
          <span className="mono faint">{type}</span>
        </button>
      ))}
    </div>
  );
}
