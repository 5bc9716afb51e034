export const QUEUE = 'tasks';
