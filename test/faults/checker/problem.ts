/** The kinds of what can be wrong after a run, by the invariant that is broken. */
export type ProblemKind =
  | 'lost'
  | 'unexpected'
  | 'duplicated'
  | 'not fenced'
  | 'outcome'
  | 'went back'
  | 'too slow'
  | 'exit'
  | 'memory'
  | 'event loop'
  | 'claim';

export interface Problem {
  kind: ProblemKind;
  text: string;
}

export function problem(kind: ProblemKind, text: string): Problem {
  return { kind, text };
}
