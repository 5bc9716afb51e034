import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';

interface Props {
  title: string;
  text: string;
  verb: string;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmRemoval({ title, text, verb, onConfirm, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="muted">{text}</p>
      <div className="dialog-foot">
        <Button onClick={onClose}>Not now</Button>
        <Button
          look="danger"
          autoFocus
          onClick={() => {
            onConfirm();
            onClose();
          }}
        >
          {verb}
        </Button>
      </div>
    </Dialog>
  );
}
