import { useEffect, type ReactNode } from 'react';

/** A page: its head, and its body that scrolls. */
export function Page({
  title,
  beside,
  actions,
  flush,
  children,
}: {
  title: string;
  beside?: ReactNode;
  actions?: ReactNode;
  /** The body arranges its own edges and scrolling. */
  flush?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Taskwell`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <h1 className="clip">{title}</h1>
        {beside}
        {actions && <div className="actions">{actions}</div>}
      </header>
      {flush ? (
        <div className="page-body flush">{children}</div>
      ) : (
        <div className="page-body">
          <div className="measure">{children}</div>
        </div>
      )}
    </div>
  );
}
