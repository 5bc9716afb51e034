import { Suspense, lazy } from 'react';
import { Route, Switch } from 'wouter';
import { TaskPage } from './pages/task/task-page';
import { TasksPage } from './pages/tasks/tasks-page';
import { Page } from './shell/page';
import { Empty, Loading } from './ui/message';

// What charts and forms need is loaded when they are seen.
const OverviewPage = lazy(() => import('./pages/overview/overview-page'));
const NewTaskPage = lazy(() => import('./pages/new-task/new-task-page'));
const FilesPage = lazy(() => import('./pages/files/files-page'));
const DatasetPage = lazy(() => import('./pages/datasets/dataset-page'));
const SchedulesPage = lazy(() => import('./pages/schedules/schedules-page'));
const WorkersPage = lazy(() => import('./pages/workers/workers-page'));
const QueuesPage = lazy(() => import('./pages/queues/queues-page'));
const AccessPage = lazy(() => import('./pages/access/access-page'));

export function Routes() {
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/tasks" component={TasksPage} />
        <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} id={id} />}</Route>
        <Route path="/new" component={NewTaskPage} />
        <Route path="/files" component={FilesPage} />
        <Route path="/datasets/:id">{({ id }) => <DatasetPage key={id} id={id} />}</Route>
        <Route path="/schedules" component={SchedulesPage} />
        <Route path="/workers" component={WorkersPage} />
        <Route path="/queues" component={QueuesPage} />
        <Route path="/access/:tab?">{({ tab }) => <AccessPage tab={tab} />}</Route>
        <Route>
          <Page title="Not found">
            <Empty title="There is no such page" />
          </Page>
        </Route>
      </Switch>
    </Suspense>
  );
}
