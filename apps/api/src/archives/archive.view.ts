import { ARCHIVE_KINDS, type Archive, type ArchiveKind, type ArchivePart, type Preview } from '@app/archive';
import { accepted, type AcceptedView } from '../tasks/accepted.view.js';

interface PeriodView {
  fiscal_year: number | null;
  period: { from: string; to: string };
  time_zone: string;
}

/** An archive as clients see it. */
export interface ArchiveView extends PeriodView {
  archive_id: string;
  status: Archive['status'];
  /** Whether rows are deleted once they are archived. */
  deletes: boolean;
  deleted: number;
  restored: number;
  restore_task_id: string | null;
  manifest: string | null;
  created_at: string;
  updated_at: string;
  verified_at: string | null;
  completed_at: string | null;
}

/** The same with its files. */
export interface ArchiveDetailView extends ArchiveView {
  rows: Record<ArchiveKind, number>;
  files: { key: string; kind: ArchiveKind; rows: number; size: number; sha256: string; storage_class: string | null }[];
}

/** What an archive would hold. */
export interface PreviewView extends PeriodView {
  rows: Record<ArchiveKind, number>;
  would_delete: Record<ArchiveKind, number>;
}

export type ArchiveAcceptedView = AcceptedView & { archive_id: string };

/** The archive has the id of its task. */
export function archiveAccepted(ids: readonly string[]): ArchiveAcceptedView {
  return { archive_id: ids[0]!, ...accepted(ids) };
}

export function archiveView(archive: Archive): ArchiveView {
  return {
    archive_id: archive.id,
    status: archive.status,
    ...periodView(archive),
    deletes: archive.deleteRows,
    deleted: archive.deleted,
    restored: archive.restored,
    restore_task_id: archive.restoreTaskId,
    manifest: archive.manifest?.key ?? null,
    created_at: archive.createdAt.toISOString(),
    updated_at: archive.updatedAt.toISOString(),
    verified_at: archive.verifiedAt?.toISOString() ?? null,
    completed_at: archive.completedAt?.toISOString() ?? null,
  };
}

export function archiveDetailView(archive: Archive, parts: readonly ArchivePart[]): ArchiveDetailView {
  const rowsOf = (kind: ArchiveKind) => parts.reduce((sum, part) => sum + (part.kind === kind ? part.rows : 0), 0);
  return {
    ...archiveView(archive),
    rows: byKind(rowsOf),
    files: parts.map(({ kind, rows, object: { key, size, sha256, storageClass } }) => ({
      key,
      kind,
      rows,
      size,
      sha256,
      storage_class: storageClass,
    })),
  };
}

export function previewView(preview: Preview): PreviewView {
  const { counts, deleteRows } = preview;
  return {
    ...periodView(preview),
    rows: byKind((kind) => counts[kind].rows),
    would_delete: byKind((kind) => (deleteRows ? counts[kind].rows - counts[kind].kept : 0)),
  };
}

function periodView({ fiscalYear, period, timeZone }: Pick<Archive, 'fiscalYear' | 'period' | 'timeZone'>): PeriodView {
  return {
    fiscal_year: fiscalYear,
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    time_zone: timeZone,
  };
}

function byKind<T>(of: (kind: ArchiveKind) => T): Record<ArchiveKind, T> {
  return Object.fromEntries(ARCHIVE_KINDS.map((kind) => [kind, of(kind)])) as Record<ArchiveKind, T>;
}
