import type { ButtonHTMLAttributes, ReactNode } from 'react';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'danger' | 'quiet';
  small?: boolean;
}

export function Button({ look, small, className = '', type = 'button', ...rest }: Props) {
  return <button {...rest} type={type} className={`button ${look ?? ''} ${small ? 'small' : ''} ${className}`} />;
}

/** A button that shows nothing but an icon; the label is for those who cannot see it. */
export function IconButton({ label, children, ...rest }: Props & { label: string; children: ReactNode }) {
  return (
    <Button {...rest} className="icon" aria-label={label} title={label}>
      {children}
    </Button>
  );
}
