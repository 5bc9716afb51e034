// Before the first paint, so that a chosen theme does not flash the other one. No inline script: the page's policy forbids it.
const theme = localStorage.getItem('taskwell.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
