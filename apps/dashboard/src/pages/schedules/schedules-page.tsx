import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { get } from '../../api/client';
import { useMay } from '../../api/session';
import type { Page as ListPage, Schedule } from '../../api/types';
import { Page } from '../../shell/page';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { Empty } from '../../ui/message';
import { NewSchedule } from './new-schedule';
import { ScheduleCard } from './schedule-card';
import './schedules.css';

const ASK_MS = 3_000;
const MOST = 200;

/** Tasks by the clock. */
export default function SchedulesPage() {
  const [making, setMaking] = useState(false);
  const mayAct = useMay('tasks:act');
  const schedules = useQuery({
    queryKey: ['schedules'],
    queryFn: ({ signal }) => get<ListPage<Schedule>>('/api/schedules', { page_size: MOST }, signal),
    refetchInterval: ASK_MS,
  });
  return (
    <Page
      title="Schedules"
      actions={
        mayAct && (
          <Button look="primary" onClick={() => setMaking(true)}>
            <Plus aria-hidden />
            New schedule
          </Button>
        )
      }
    >
      <Loaded query={schedules}>
        {({ items, next_page_token }) =>
          items.length === 0 ? (
            <Empty title="No schedules yet">
              <p>A schedule makes a task at every tick of a cron expression, in the time zone you name.</p>
            </Empty>
          ) : (
            <div className="stack">
              {items.map((schedule) => (
                <ScheduleCard key={schedule.schedule_id} schedule={schedule} />
              ))}
              {next_page_token !== null && <p className="faint">The newest {MOST} are shown.</p>}
            </div>
          )
        }
      </Loaded>
      {making && <NewSchedule onClose={() => setMaking(false)} />}
    </Page>
  );
}
