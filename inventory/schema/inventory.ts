import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { actionSchema } from './action.ts';
import { botSchema } from './bot.ts';
import { freezeSchema } from './freeze.ts';
import { hostSchema } from './host.ts';
import { jobSchema } from './job.ts';
import { notifySchema } from './notify.ts';
import { policySchema } from './policy.ts';
import {
  alertmanagerSchema,
  exporterSchema,
  grafanaSchema,
  prometheusSchema,
  remediatorSchema,
} from './services.ts';
import { siteSchema } from './site.ts';
import { entriesById } from './values.ts';

/** The whole of steward.yml. */
export const inventorySchema = z.strictObject({
  hosts: entriesById(hostSchema).prefault({}).describe('The servers.'),
  sites: entriesById(siteSchema).prefault({}).describe('The WordPress sites.'),
  bots: entriesById(botSchema).prefault({}).describe('The trading bots.'),
  jobs: entriesById(jobSchema).prefault({}).describe('Jobs that report in.'),
  actions: entriesById(actionSchema).prefault({}).describe('Actions of your own, for policies.'),
  policies: z.array(policySchema).default([]).describe('Which alert leads to which action.'),
  freezes: z.array(freezeSchema).default([]).describe('When nothing is to be done.'),
  notify: notifySchema.prefault({}).describe('Who is told.'),
  exporter: exporterSchema.prefault({}).describe("The exporter's own settings."),
  remediator: remediatorSchema.prefault({}).describe("The remediator's own settings."),
  prometheus: prometheusSchema.prefault({}).describe('Where Prometheus is.'),
  alertmanager: alertmanagerSchema.prefault({}).describe('Where Alertmanager is.'),
  grafana: grafanaSchema.prefault({}).describe('Where Grafana is.'),
});

/** steward.yml, checked, with defaults filled in: what both processes and the command work from. */
export type Inventory = DeepReadonly<z.output<typeof inventorySchema>>;
