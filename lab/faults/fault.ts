import type { Supervisor } from '../site/supervisor.ts';
import type { WordPressSite } from '../site/wordpress-site.ts';

/** What of a site a fault needs. */
export type BreakableSite = Pick<WordPressSite, 'folder' | 'path' | 'url'> & {
  readonly supervisor: Pick<Supervisor, 'pidOf'>;
};

/** A way to break the lab's site as sites break in life, and how Steward's answer is recognised. */
export interface Fault {
  readonly name: string;
  /** What is broken, for people. */
  readonly description: string;
  /** Breaks the site. Resolves once it is broken. What goes on, such as visitors, ends with the signal at the latest. */
  inject(site: BreakableSite, ended?: AbortSignal): Promise<void>;
  /** What the exporter reads only now and then, and is asked to read again at once. */
  readonly collector?: string;
  /** PromQL that has a result once Prometheus has seen it. */
  readonly seenQuery: string;
  /** The alert that Steward answers, and the entry it is about. */
  readonly alertname: string;
  readonly instance: string;
  /** The shipped policy that answers it. */
  readonly policy: string;
}
