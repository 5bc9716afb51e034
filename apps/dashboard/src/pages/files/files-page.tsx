import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { useMay } from '../../api/session';
import { Page } from '../../shell/page';
import { BatchCard } from './batch-card';
import { DatasetsCard } from './datasets-card';
import { DropZone } from './drop-zone';
import { SendingCard } from './sending-card';
import { upload } from './upload';
import './files.css';

/** Drop files, watch them become rows, look through the rows. */
export default function FilesPage() {
  const [params, setParams] = useSearchParams();
  const batch = params.get('batch');
  const [sent, setSent] = useState({ bytes: 0, total: 0 });
  const sending = useMutation({
    mutationFn: ({ files, dataset }: { files: File[]; dataset: string }) =>
      upload(files, { dataset }, (bytes, total) => setSent({ bytes, total })),
    onMutate: () => setSent({ bytes: 0, total: 0 }),
    onSuccess: ({ batch_id }) => setParams({ batch: batch_id }),
  });
  const maySubmit = useMay('tasks:submit');
  return (
    <Page title="Files">
      <div className="stack loose">
        {maySubmit && (
          <DropZone
            busy={sending.isPending}
            onFiles={(files, dataset) => sending.mutate({ files, dataset })}
            error={sending.error}
          />
        )}
        {sending.isPending && <SendingCard files={sending.variables.files} sent={sent} />}
        {batch !== null && !sending.isPending && <BatchCard id={batch} />}
        <DatasetsCard />
      </div>
    </Page>
  );
}
