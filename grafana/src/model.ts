/* eslint-disable @typescript-eslint/no-deprecated --
   Grafana 12 provisions files of this model; its successor is a resource of an API that is not settled. */
import { DashboardBuilder, type Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

/** A dashboard as Grafana provisions it from a file. */
export type ProvisionedDashboard = Dashboard;

/** Begins a dashboard. The uid is its address, so that alerts can link to it. */
export function createDashboard(uid: string, title: string): DashboardBuilder {
  return new DashboardBuilder(title).uid(uid);
}
