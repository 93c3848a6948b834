import type { LoadedInventory } from '../../inventory/load.ts';
import { hostSeenHere } from '../../inventory/own-machine.ts';
import { hostSchema } from '../../inventory/schema/host.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Collectors } from '../collectors.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { createTargetMaker, type TargetMaker } from '../targets/make-targets.ts';
import { startModuleWatch, type BackgroundErrorListener, type ModuleWatch } from './module-watch.ts';
import type { ModuleName } from '../modules.ts';

/** The id of the machine itself where steward.yml names it nowhere. */
const UNNAMED = 'exporter';

/** Everything that one steward.yml says is to be watched, with connections open and background readings going. */
export interface Watch {
  readonly modules: Readonly<Record<ModuleName, ModuleWatch>>;
  /** The machine that the exporter runs on: its module, the label `job` of its series, and its id. */
  readonly local: { readonly module: ModuleWatch; readonly name: string; readonly id: string };
  /** So many background readings have not been tried yet. */
  untried(): number;
  stop(): Promise<void>;
}

/** What a watch is made of. */
export interface WatchOptions {
  readonly collectors: Collectors;
  /** What jobs have said. */
  readonly jobs: JobStore;
  readonly onError: BackgroundErrorListener;
  /** The watch until now: what it has read of a target that is still the same counts on. */
  readonly before?: Watch | undefined;
}

/** Starts to watch what an inventory names. */
export function startWatch(loaded: LoadedInventory, options: WatchOptions): Watch {
  const maker = createTargetMaker(loaded, options.jobs);
  const modules = startModules(loaded.inventory, maker, options);
  const localId = hostSeenHere(loaded.inventory.hosts);
  const local =
    localId === undefined
      ? { module: watchUnnamed(maker, options), name: UNNAMED, id: UNNAMED }
      : { module: modules.host, name: 'host', id: localId };
  const all = new Set([...Object.values(modules), local.module]);
  return {
    modules,
    local,
    untried: () => [...all].reduce((sum, module) => sum + module.untried(), 0),
    async stop() {
      for (const module of all) module.stop();
      await maker.close();
    },
  };
}

function startModules(
  { hosts, sites, bots, jobs }: Inventory,
  maker: TargetMaker,
  { collectors, onError, before }: WatchOptions,
): Record<ModuleName, ModuleWatch> {
  const shared = (module: ModuleName) => ({ onError, before: before?.modules[module] });
  return {
    host: startModuleWatch({
      ...shared('host'),
      collectors: collectors.host,
      entries: hosts,
      targetOf: (id, entry) => maker.host(id, entry),
    }),
    site: startModuleWatch({
      ...shared('site'),
      collectors: collectors.site,
      entries: sites,
      targetOf: (id, entry) => maker.site(id, entry),
    }),
    bot: startModuleWatch({
      ...shared('bot'),
      collectors: collectors.bot,
      entries: bots,
      targetOf: (id, entry) => maker.bot(id, entry),
    }),
    job: startModuleWatch({
      ...shared('job'),
      collectors: collectors.job,
      entries: jobs,
      targetOf: (id, entry) => maker.job(id, entry),
    }),
  };
}

/** The machine of an exporter that steward.yml does not name among the hosts. */
function watchUnnamed(maker: TargetMaker, { collectors, onError, before }: WatchOptions): ModuleWatch {
  return startModuleWatch({
    collectors: collectors.host,
    entries: { [UNNAMED]: hostSchema.parse({ local: true }) },
    targetOf: (id, entry) => maker.unnamedHost(id, entry),
    onError,
    before: before?.local.module,
  });
}
