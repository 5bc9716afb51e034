import { useEffect, type ReactNode } from 'react';

/** What stands before the pages. */
export function DoorCard({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Taskwell`;
  }, [title]);
  return (
    <main className="door">
      <div className="door-card stack loose">
        <p className="brand">
          <img src="/favicon.svg" alt="" />
          Taskwell
        </p>
        <section className="card card-body stack">
          <h1>{title}</h1>
          {children}
        </section>
      </div>
    </main>
  );
}
