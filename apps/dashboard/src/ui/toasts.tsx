import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';

interface Toast {
  key: number;
  text: string;
  link?: { href: string; text: string };
}

type Say = (text: string, link?: Toast['link']) => void;

const Context = createContext<Say>(() => {});
const SHOWN_MS = 6_000;
let count = 0;

/** Where short news appear. @param children also gets to say some */
export function Toasts({ children, beside }: { children: ReactNode; beside?: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const say = useCallback<Say>((text, link) => {
    const key = ++count;
    setToasts((shown) => [...shown.slice(-3), { key, text, link }]);
    setTimeout(() => setToasts((shown) => shown.filter((toast) => toast.key !== key)), SHOWN_MS);
  }, []);
  return (
    <Context value={say}>
      {children}
      <div className="toasts">
        {beside}
        <div className="stack" role="status">
          {useMemo(() => toasts.map(({ key, ...toast }) => <ToastView key={key} {...toast} />), [toasts])}
        </div>
      </div>
    </Context>
  );
}

function ToastView({ text, link }: Omit<Toast, 'key'>) {
  return (
    <div className="toast">
      <div className="row spread">
        <span>{text}</span>
        {link && (
          <Link href={link.href} className="nowrap">
            {link.text}
          </Link>
        )}
      </div>
    </div>
  );
}

export function useSay(): Say {
  return useContext(Context);
}
