import { Ban, RotateCcw, X } from 'lucide-react';
import type { ActionKind } from '../../api/service-types';
import { Button, IconButton } from '../../ui/button';
import { plural } from '../../ui/numbers';

interface Props {
  count: number;
  /** All that match are meant, also those that are not loaded. */
  all: boolean;
  mayTakeAll: boolean;
  onAll: () => void;
  onAct: (kind: ActionKind) => void;
  onClear: () => void;
}

/** What can be done with the selection. */
export function SelectionBar({ count, all, mayTakeAll, onAll, onAct, onClear }: Props) {
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selection">
      <span className="num">{all ? 'All that match' : `${plural(count, 'task')} selected`}</span>
      {!all && mayTakeAll && (
        <Button small look="quiet" onClick={onAll}>
          Take all that match
        </Button>
      )}
      <Button small onClick={() => onAct('retry')}>
        <RotateCcw aria-hidden />
        Retry
      </Button>
      <Button small onClick={() => onAct('cancel')}>
        <Ban aria-hidden />
        Cancel
      </Button>
      <IconButton small look="quiet" label="Clear the selection" onClick={onClear}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
