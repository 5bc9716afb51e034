import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { Search, X } from 'lucide-react';
import { IconButton } from '../../ui/button';
import { suggestionsFor, type Suggestion } from './suggestions';

const PAUSE_MS = 250;

interface Props {
  text: string;
  types: readonly string[];
  tags: readonly string[];
  mistakes: readonly string[];
  focus: boolean;
  onChange: (text: string) => void;
}

/** Says what the list shows; suggests while it is written. */
export function QueryBar({ text, types, tags, mistakes, focus, onChange }: Props) {
  const [draft, setDraft] = useState(text);
  const [cursor, setCursor] = useState(text.length);
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  // The query also changes from outside: by a quick filter, or by going back.
  const [seen, setSeen] = useState(text);
  if (seen !== text) {
    setSeen(text);
    if (text.trim() !== draft.trim()) setDraft(text);
  }
  useEffect(() => {
    if (draft.trim() === text.trim()) return;
    const timer = setTimeout(() => onChange(draft.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, text, onChange]);

  const suggestions = open ? suggestionsFor(draft, cursor, types, tags) : [];
  const take = (suggestion: Suggestion) => {
    setDraft(suggestion.result);
    setCursor(suggestion.cursor);
    setMarked(-1);
    input.current?.focus();
    requestAnimationFrame(() => input.current?.setSelectionRange(suggestion.cursor, suggestion.cursor));
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && suggestions.length > 0) {
      event.preventDefault();
      setMarked((marked + step + suggestions.length + 1) % (suggestions.length + 1));
    } else if ((event.key === 'Enter' || event.key === 'Tab') && suggestions[marked]) {
      event.preventDefault();
      take(suggestions[marked]);
    } else if (event.key === 'Enter') {
      onChange(draft.trim());
      setOpen(false);
    } else if (event.key === 'Escape') {
      if (open) setOpen(false);
      else input.current?.blur();
    }
  };
  return (
    <div className="query">
      <Search aria-hidden className="query-icon" />
      <input
        id="query-bar"
        ref={input}
        className="input"
        role="combobox"
        aria-label="Search tasks"
        aria-expanded={suggestions.length > 0}
        aria-controls={list}
        aria-activedescendant={suggestions[marked] ? `${list}-${marked}` : undefined}
        aria-invalid={mistakes.length > 0}
        autoComplete="off"
        spellCheck={false}
        autoFocus={focus}
        placeholder='type:email.send status:FAILED tag:x "connection refused"'
        value={draft}
        onChange={(event) => {
          setDraft(event.target.value);
          setCursor(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setMarked(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      {draft === '' ? (
        <kbd className="kbd query-key" aria-hidden>
          /
        </kbd>
      ) : (
        <IconButton small look="quiet" label="Clear the search" onClick={() => (setDraft(''), onChange(''))}>
          <X aria-hidden />
        </IconButton>
      )}
      <ul id={list} role="listbox" aria-label="Suggestions" className="suggestions" hidden={suggestions.length === 0}>
        {suggestions.map((suggestion, index) => (
          <li
            key={suggestion.text}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === marked}
            onPointerDown={(event) => (event.preventDefault(), take(suggestion))}
          >
            <span className="mono">{suggestion.text}</span>
            <span className="faint small">{suggestion.hint}</span>
          </li>
        ))}
      </ul>
      {mistakes.length > 0 && <p className="mistake">{mistakes.join(' ')}</p>}
    </div>
  );
}
