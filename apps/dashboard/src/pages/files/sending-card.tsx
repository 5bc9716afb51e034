import { Bar } from '../../ui/bar';
import { Card } from '../../ui/card';
import { bytesText, plural } from '../../ui/numbers';
import { sharesOf } from './shares';

/** How much of each file is sent. */
export function SendingCard({ files, sent }: { files: readonly File[]; sent: { bytes: number; total: number } }) {
  const shares = sharesOf(
    files.map(({ size }) => size),
    sent.bytes,
  );
  return (
    <Card title={`Sending ${plural(files.length, 'file')}`} flush>
      <table className="list-table">
        <tbody>
          {files.map(({ name, size }, index) => (
            <tr key={index}>
              <td>{name}</td>
              <td className="right num muted">{bytesText(size)}</td>
              <td className="bar-cell">
                <Bar share={shares[index]!} label={`Sending ${name}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
