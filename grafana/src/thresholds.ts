/** A number from which on an alert fires. A test compares it with the expression of the alert. */
export interface Threshold {
  readonly alert: string;
  /** Whether the alert fires above or below the number. */
  readonly fires: 'above' | 'below';
  readonly value: number;
}

/** The thresholds that dashboards draw, so that what looks bad is what an alert speaks of. */
export const thresholds = {
  siteSeconds: { alert: 'SiteSlow', fires: 'above', value: 3 },
  serverErrorRatio: { alert: 'SiteServerErrors', fires: 'above', value: 0.05 },
  certificateSecondsLeft: { alert: 'CertificateExpiresSoon', fires: 'below', value: 14 * 86_400 },
  cronSecondsOverdue: { alert: 'WordPressCronOverdue', fires: 'above', value: 900 },
  autoloadBytes: { alert: 'WordPressAutoloadLarge', fires: 'above', value: 800_000 },
  permissionViolations: { alert: 'WordPressPermissionsDrifted', fires: 'above', value: 0 },
  diskFreeRatio: { alert: 'DiskAlmostFull', fires: 'below', value: 0.1 },
  memoryAvailableRatio: { alert: 'MemoryLow', fires: 'below', value: 0.05 },
  databaseConnectionsRatio: { alert: 'DatabaseConnectionsNearLimit', fires: 'above', value: 0.8 },
  slowStatementsRatio: { alert: 'DatabaseSlow', fires: 'above', value: 0.01 },
  phpRequestsWaiting: { alert: 'PhpFpmSaturated', fires: 'above', value: 0 },
  missedPosts: { alert: 'PostsMissedSchedule', fires: 'above', value: 0 },
  scheduledSecondsLeft: { alert: 'ContentQueueRunsOut', fires: 'below', value: 2 * 86_400 },
  botRestarts: { alert: 'BotRestarts', fires: 'above', value: 3 },
  botLoopSeconds: { alert: 'BotStalled', fires: 'above', value: 600 },
  botDrawdownRatio: { alert: 'BotDrawdown', fires: 'above', value: 0.2 },
  botLossRatio: { alert: 'BotEquityDrop', fires: 'above', value: 0.1 },
  inodesFreeRatio: { alert: 'InodesAlmostUsed', fires: 'below', value: 0.05 },
  processorBusyRatio: { alert: 'CpuBusy', fires: 'above', value: 0.95 },
  kernelTableRatio: { alert: 'ConnectionTrackingAlmostFull', fires: 'above', value: 0.8 },
  logBytes: { alert: 'WordPressLogLarge', fires: 'above', value: 1e9 },
  memoryStalledRatio: { alert: 'HostUnderPressure', fires: 'above', value: 0.1 },
  diskStalledRatio: { alert: 'HostUnderPressure', fires: 'above', value: 0.5 },
  draftSecondsOld: { alert: 'DraftsForgotten', fires: 'above', value: 90 * 86_400 },
  drillSecondsAgo: { alert: 'DrillLate', fires: 'above', value: 2 * 86_400 },
  processorStolenRatio: { alert: 'CpuStolen', fires: 'above', value: 0.2 },
  updateCheckSecondsAgo: { alert: 'WordPressUpdateCheckOld', fires: 'above', value: 3 * 86_400 },
  reviewSecondsOld: { alert: 'PostsWaitForReview', fires: 'above', value: 7 * 86_400 },
  clockSecondsOff: { alert: 'ClockWrong', fires: 'above', value: 2 },
} as const satisfies Readonly<Record<string, Threshold>>;

/** How far an alert looks back for a cache that was on. */
export const cacheLooksBack = { alert: 'WordPressCacheOff', window: '3d' } as const;

/** From which age on background data is old: some of its own intervals, and time for a slow reading. */
export const dataIsOld = { alert: 'DataOld', intervals: 3, graceSeconds: 900 } as const;
