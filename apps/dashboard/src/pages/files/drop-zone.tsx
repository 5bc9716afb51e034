import { useId, useRef, useState, type DragEvent } from 'react';
import { UploadCloud } from 'lucide-react';
import { Button } from '../../ui/button';

interface Props {
  busy: boolean;
  error: Error | null;
  onFiles: (files: File[], dataset: string) => void;
}

/** Takes files that are dropped or chosen. */
export function DropZone({ busy, error, onFiles }: Props) {
  const [over, setOver] = useState(false);
  const [dataset, setDataset] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = (files: FileList | null) => {
    if (files && files.length > 0 && !busy) onFiles([...files], dataset.trim());
  };
  const drag = (event: DragEvent, inside: boolean) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    <section
      className={`drop-zone ${over ? 'over' : ''}`}
      aria-label="Upload"
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        take(event.dataTransfer.files);
      }}
    >
      <UploadCloud aria-hidden />
      <p>
        <strong>Drop files here</strong>, any number: CSV, TSV, JSON, NDJSON, XML, Parquet or text, also packed with gzip.
      </p>
      <p className="faint small">What a file is shows in its content. Each becomes a task; its rows go to a dataset.</p>
      <div className="row wrap drop-row">
        <label htmlFor={id} className="hidden-text">
          Dataset
        </label>
        <input
          id={id}
          className="input"
          placeholder="Dataset (a new one)"
          value={dataset}
          onChange={({ target }) => setDataset(target.value)}
        />
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={({ target }) => {
            take(target.files);
            target.value = '';
          }}
        />
        <Button look="primary" disabled={busy} onClick={() => input.current?.click()}>
          Choose files
        </Button>
      </div>
      {error && (
        <p className="mistake" role="alert">
          {error.message}
        </p>
      )}
    </section>
  );
}
