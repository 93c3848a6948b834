const floors = [
  ['inventory', '^(logs|hosts|apis|web|exporter|remediator|cli|grafana|lab)/'],
  ['logs', '^(hosts|apis|web|exporter|remediator|cli|grafana|lab)/'],
  ['hosts', '^(logs|apis|web|exporter|remediator|cli|grafana|lab)/'],
  ['apis', '^(logs|hosts|web|exporter|remediator|cli|grafana|lab)/'],
  ['web', '^(logs|hosts|apis|exporter|remediator|cli|grafana|lab)/'],
  ['exporter', '^(remediator|cli|grafana|lab)/'],
  ['remediator', '^(exporter|cli|grafana|lab)/'],
  ['cli', '^(grafana|lab)/'],
  ['grafana', '^(hosts|apis|web|exporter|remediator|cli|lab)/'],
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'No import goes in a circle.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-tests-in-product',
      comment: 'Only tests import tests.',
      severity: 'error',
      from: { path: '^(inventory|logs|hosts|apis|web|exporter|remediator|cli|grafana|lab)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'no-unresolvable',
      comment: 'Every import resolves.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...floors.map(([floor, above]) => ({
      name: `${floor}-imports-no-floor-above`,
      comment:
        'Floors, lowest first: inventory, logs, hosts, apis and web side by side, exporter and remediator side by side, cli.',
      severity: 'error',
      from: { path: `^${floor}/` },
      to: { path: above },
    })),
    {
      name: 'actions-are-data',
      comment: 'Actions and the decision do no I/O.',
      severity: 'error',
      from: { path: '^remediator/(actions|decide)/' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|http|https|net|express|node-ssh|pg)$' },
    },
    {
      name: 'node-ssh-in-one-file',
      comment: 'Only the SSH connection knows the SSH library.',
      severity: 'error',
      from: { path: '^(inventory|logs|hosts|apis|web|exporter|remediator|cli)/', pathNot: '^hosts/ssh/' },
      to: { path: 'node_modules/(node-ssh|ssh2)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
