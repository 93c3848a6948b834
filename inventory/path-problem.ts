/** A problem, before it is known where in which file its path stands. */
export interface PathProblem {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  /** Whether the key or its value is meant; the value where it is not given. */
  readonly part?: 'key' | 'value';
  /** What was found; the value at the path where it is not given. */
  readonly found?: string;
}
