import { STATUSES } from '../../api/types';
import { Segments } from '../../ui/segments';
import { statusWord } from '../../ui/status';
import { tokensOf, withKey } from './query';

const OPTIONS = [{ value: 'ALL', label: 'All' }, ...STATUSES.map((status) => ({ value: status, label: statusWord(status) }))];

/** The statuses, a click away. */
export function QuickFilters({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const chosen =
    tokensOf(text)
      .find(({ key }) => key === 'status')
      ?.value.toUpperCase() ?? 'ALL';
  return (
    <Segments<string>
      label="Status"
      options={OPTIONS}
      value={chosen}
      onChange={(value) => onChange(withKey(text, 'status', value === 'ALL' ? null : value))}
    />
  );
}
