import { basicAuthorization } from '../inventory/authorization.ts';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { readSecret, type Secret } from '../inventory/secret.ts';
import type { AlertmanagerAddress } from './alertmanager/silences.ts';
import type { WebhookSettings } from './notify/webhook-notifier.ts';
import { prometheusAddress } from './prometheus/prometheus-address.ts';
import type { PrometheusAddress } from './prometheus/prometheus-client.ts';
import { keptFor } from './kept.ts';
import type { ExporterAddress } from './refresh.ts';

/** Addresses and secrets as steward.yml now gives them. Each is read where it is used, so that reloads and changed secrets count. */
export interface Upstreams {
  readonly prometheus: () => Promise<PrometheusAddress>;
  /** Where queries are asked: Prometheus itself, where steward.yml names no store. */
  readonly queries: () => Promise<PrometheusAddress>;
  readonly alertmanager: () => Promise<AlertmanagerAddress>;
  readonly exporter: () => Promise<ExporterAddress>;
  readonly notifyWebhook: () => Promise<WebhookSettings | undefined>;
  readonly readToken: () => Promise<Secret>;
  readonly readPassword: () => Promise<Secret>;
}

/** Each webhook needs the token, and there may be thousands in a second: a changed one counts after this time. */
const TOKEN_KEPT_MS = 1000;

/** Makes them. */
export function createUpstreams(holder: InventoryHolder): Upstreams {
  const settings = () => holder.current().inventory;
  const read = (file: string) => readSecret(holder.current().resolveFile(file));
  const prometheus = () => prometheusAddress(holder.current());

  return {
    prometheus,
    async queries() {
      const { queries } = settings().prometheus;
      if (queries === undefined) return prometheus();
      const { url, username = '', password_file } = queries;
      if (password_file === undefined) return { url };
      return { url, authorization: basicAuthorization(username, await read(password_file)) };
    },
    async alertmanager() {
      const { url, username, password_file } = settings().alertmanager;
      return { url, authorization: basicAuthorization(username, await read(password_file)) };
    },
    async exporter() {
      const { url, username, password_file } = settings().exporter;
      return { url, authorization: basicAuthorization(username, await read(password_file)) };
    },
    async notifyWebhook() {
      const { webhook } = settings().notify;
      if (webhook === undefined) return undefined;
      const { external_url: externalUrl } = settings().remediator;
      return { url: webhook.url, secret: await read(webhook.secret_file), externalUrl };
    },
    readToken: keptFor(TOKEN_KEPT_MS, () => read(settings().remediator.webhook_token_file)),
    readPassword: () => read(settings().remediator.password_file),
  };
}
