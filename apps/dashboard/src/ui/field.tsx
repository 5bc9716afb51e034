import { useId, type ReactNode } from 'react';

interface Wiring {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}

/** A label, its control, and what is wrong with it. */
export function Field({
  label,
  hint,
  mistake,
  optional,
  children,
}: {
  label: string;
  hint?: string;
  mistake?: string;
  optional?: boolean;
  children: (wiring: Wiring) => ReactNode;
}) {
  const id = useId();
  const about = `${id}-about`;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="faint small">optional</span>}
      </label>
      {children({ id, 'aria-describedby': hint || mistake ? about : undefined, 'aria-invalid': mistake !== undefined })}
      {(hint || mistake) && (
        <div id={about}>
          {mistake !== undefined && <p className="mistake">{mistake}</p>}
          {hint && <p className="hint">{hint}</p>}
        </div>
      )}
    </div>
  );
}
