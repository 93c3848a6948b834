import type { Fault } from './fault.ts';
import { permissions } from './permissions.ts';
import { phpFpm } from './php-fpm.ts';

/** Every fault, by its name. */
export const faults: ReadonlyMap<string, Fault> = new Map(
  [permissions, phpFpm].map((fault) => [fault.name, fault]),
);
