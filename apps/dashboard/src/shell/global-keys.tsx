import { useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog } from '../ui/dialog';
import { useKeys } from './keys';

const HELP: [title: string, keys: [keys: string, what: string][]][] = [
  [
    'Everywhere',
    [
      ['?', 'This help'],
      ['n', 'New task'],
      ['/', 'Search tasks'],
      ['g o', 'Overview'],
      ['g t', 'Tasks'],
      ['g f', 'Files'],
      ['g s', 'Schedules'],
      ['g w', 'Workers'],
      ['g q', 'Queues'],
    ],
  ],
  [
    'In the list of tasks',
    [
      ['j k', 'Next, previous'],
      ['Enter', 'Open'],
      ['x', 'Select'],
      ['r', 'Retry'],
      ['c', 'Cancel'],
    ],
  ],
  [
    'On a task',
    [
      ['r', 'Retry'],
      ['c', 'Cancel'],
      ['d', 'Duplicate and edit'],
    ],
  ],
];

/** Keys that work on every page, and the help about all of them. */
export function GlobalKeys() {
  const [, go] = useLocation();
  const [help, setHelp] = useState(false);
  useKeys({
    '?': () => setHelp(true),
    n: () => go('/new'),
    '/': () => {
      const bar = document.getElementById('query-bar');
      if (bar) bar.focus();
      else go('/tasks?focus=1');
    },
    'g o': () => go('/'),
    'g t': () => go('/tasks'),
    'g f': () => go('/files'),
    'g s': () => go('/schedules'),
    'g w': () => go('/workers'),
    'g q': () => go('/queues'),
  });
  if (!help) return null;
  return (
    <Dialog title="Keyboard" wide onClose={() => setHelp(false)}>
      <div className="key-help">
        {HELP.map(([title, keys]) => (
          <section key={title} className="stack">
            <h2>{title}</h2>
            <dl className="facts">
              {keys.map(([key, what]) => (
                <div key={key} className="key-line">
                  <dt className="row">
                    {key.split(' ').map((one) => (
                      <kbd key={one} className="kbd">
                        {one}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
