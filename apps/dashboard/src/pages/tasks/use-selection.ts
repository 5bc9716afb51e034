import { useState } from 'react';
import type { OnChangeFn, RowSelectionState } from '@tanstack/react-table';

/** Which rows are chosen; a new query chooses none. */
export function useSelection(query: object) {
  const [of, setOf] = useState(query);
  const [rows, setRows] = useState<RowSelectionState>({});
  const [all, setAll] = useState(false);
  const clear = () => {
    setRows({});
    setAll(false);
  };
  if (of !== query) {
    setOf(query);
    clear();
  }
  const select: OnChangeFn<RowSelectionState> = (change) => {
    setAll(false);
    setRows(change);
  };
  const toggle = (id: string) => select((chosen) => ({ ...chosen, [id]: !chosen[id] }));
  return { rows, ids: Object.keys(rows).filter((id) => rows[id]), all, select, toggle, takeAll: () => setAll(true), clear };
}
