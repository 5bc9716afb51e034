import { useState } from 'react';
import { LosslessNumber, writeJson } from '../api/json';
import { CopyButton } from './copy';
import { countText, plural } from './numbers';
import { visibleText } from './visible-text';

/** So many members are shown at once. */
const STEP = 100;
const LONG_TEXT = 600;
/** Deeper ones are folded to begin with. */
const OPEN_LEVELS = 3;

/** JSON that can be read: folded, numbers to the last digit, hidden characters written out. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <div className="json" role="group" aria-label={label}>
      <div className="json-tree mono">
        <Node value={value} level={0} />
      </div>
      <div className="json-copy">
        <CopyButton text={writeJson(value, 2)} label={`Copy ${label.toLowerCase()}`} />
      </div>
    </div>
  );
}

function Node({ name, value, level }: { name?: string; value: unknown; level: number }) {
  const isNode = value !== null && typeof value === 'object' && !(value instanceof LosslessNumber);
  if (isNode) return <Branch name={name} value={value} level={level} />;
  return (
    <div className="json-line">
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, level }: { name?: string; value: object; level: number }) {
  const isList = Array.isArray(value);
  const members: [string, unknown][] = isList
    ? value.map((item, index): [string, unknown] => [String(index), item])
    : Object.entries(value);
  const [open, setOpen] = useState(level < OPEN_LEVELS && members.length > 0 && (level === 0 || members.length <= STEP));
  const [shown, setShown] = useState(STEP);
  const [left, right] = isList ? ['[', ']'] : ['{', '}'];
  if (members.length === 0) {
    return (
      <div className="json-line">
        <Name name={name} />
        <span className="json-mark">{left + right}</span>
      </div>
    );
  }
  return (
    <div>
      <button type="button" className="json-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Name name={name} />
        <span className="json-mark">{open ? left : `${left}…${right}`}</span>
        {!open && <span className="json-count"> {plural(members.length, isList ? 'item' : 'member')}</span>}
      </button>
      {open && (
        <>
          <div className="json-members">
            {members.slice(0, shown).map(([key, member]) => (
              <Node key={key} name={key} value={member} level={level + 1} />
            ))}
            {members.length > shown && (
              <button type="button" className="json-more" onClick={() => setShown(shown + 10 * STEP)}>
                {`${countText(members.length - shown)} more`}
              </button>
            )}
          </div>
          <div className="json-mark json-line">{right}</div>
        </>
      )}
    </div>
  );
}

function Name({ name }: { name?: string }) {
  return name === undefined ? null : <span className="json-name">{visibleText(name)}: </span>;
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string') return <Text text={value} />;
  if (value instanceof LosslessNumber) return <span className="json-number">{value.value}</span>;
  if (typeof value === 'number') return <span className="json-number">{String(value)}</span>;
  return <span className="json-word">{String(value)}</span>;
}

function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(text.length <= LONG_TEXT);
  return (
    <span className="json-text">
      &quot;{visibleText(whole ? text : text.slice(0, LONG_TEXT))}
      {!whole && (
        <button type="button" className="json-more" onClick={() => setWhole(true)}>
          … {plural(text.length - LONG_TEXT, 'more character')}
        </button>
      )}
      &quot;
    </span>
  );
}
