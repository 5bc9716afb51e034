import { Button } from './button';

/** The end of a form in a dialog: what went wrong with it as a whole, the way back, and the way on. */
export function FormFoot({
  verb,
  error,
  pending,
  onClose,
}: {
  verb: string;
  error: Error | null;
  pending: boolean;
  onClose: () => void;
}) {
  return (
    <>
      {error && (
        <p className="mistake" role="alert">
          {error.message}
        </p>
      )}
      <div className="dialog-foot">
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" look="primary" disabled={pending}>
          {verb}
        </Button>
      </div>
    </>
  );
}
