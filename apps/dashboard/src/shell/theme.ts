import { useState } from 'react';

type Theme = 'system' | 'light' | 'dark';

/** public/theme.js reads it before the first paint. */
const KEY = 'taskwell.theme';

/** The theme that this browser remembers. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => (localStorage.getItem(KEY) as Theme | null) ?? 'system');
  const change = (chosen: Theme) => {
    const { dataset } = document.documentElement;
    if (chosen === 'system') {
      localStorage.removeItem(KEY);
      delete dataset.theme;
    } else {
      localStorage.setItem(KEY, chosen);
      dataset.theme = chosen;
    }
    setTheme(chosen);
    window.dispatchEvent(new Event('themechange'));
  };
  return [theme, change];
}
