import { probeHttp, type ProbeResult } from '../clients/http-probe.ts';
import type { Answer, Phases, TlsState } from '../clients/http-exchange.ts';
import { isPageCacheHit } from '../clients/page-cache.ts';
import type { Collector } from '../collector.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';

// The names are those of blackbox_exporter, so that rules and dashboards written for it work.
const success = gauge('probe_success', 'Whether the page answered as it should, 0 or 1.');
const duration = gauge('probe_duration_seconds', 'How long the probe took, in seconds.');
const lookup = gauge('probe_dns_lookup_time_seconds', 'How long the name took to resolve, in seconds.');
const phaseSeconds = gauge(
  'probe_http_duration_seconds',
  'Time of each phase over all redirects, in seconds.',
  ['phase'],
);
const statusCode = gauge('probe_http_status_code', 'Status code of the last answer; 0 where none came.');
const redirects = gauge('probe_http_redirects', 'Number of redirects followed.');
const redirectedAway = gauge(
  'probe_http_redirected_away',
  'Whether the redirects led to another site than steward.yml names, "www." aside, 0 or 1.',
);
const cacheHit = gauge(
  'probe_http_cache_hit',
  'Whether a page cache answered, as X-Cache, CF-Cache-Status, Age and the like say, 0 or 1; absent where none of them is there.',
);
const contentLength = gauge('probe_http_content_length', 'Bytes of the body as they came.');
const bodyLength = gauge('probe_http_uncompressed_body_length', 'Bytes of the body after decompression.');
const version = gauge('probe_http_version', 'HTTP version of the last answer.');
const ssl = gauge('probe_http_ssl', 'Whether the last answer came over TLS, 0 or 1.');
const ipProtocol = gauge('probe_ip_protocol', 'IP version that was used, 4 or 6.');
const bodyMissing = gauge(
  'probe_failed_due_to_regex',
  'Whether the text or expression that steward.yml expects was not on the page, 0 or 1.',
);
const earliestExpiry = gauge(
  'probe_ssl_earliest_cert_expiry',
  'When the first certificate of all chains ends, in seconds since the epoch; also of a chain that is not valid.',
);
const chainExpiry = gauge(
  'probe_ssl_last_chain_expiry_timestamp_seconds',
  'When the chain ends, in seconds since the epoch; only of a valid chain.',
);
const tlsVersion = gauge('probe_tls_version_info', 'The TLS version that was used; always 1.', ['version']);

/** The page as a visitor gets it. */
export const http: Collector<SiteTarget> = {
  name: 'http',
  metrics: [
    success,
    duration,
    lookup,
    phaseSeconds,
    statusCode,
    redirects,
    redirectedAway,
    cacheHit,
    contentLength,
    bodyLength,
    version,
    ssl,
    ipProtocol,
    bodyMissing,
    earliestExpiry,
    chainExpiry,
    tlsVersion,
  ],
  async collect({ entry }, signal) {
    const start = performance.now();
    // The probe ends when the signal aborts, and a page that hangs is then down, not unmeasured.
    const result = await probeHttp(new URL(entry.url), entry.expect, signal);
    return [sample(duration, (performance.now() - start) / 1000), ...samplesOf(result)];
  },
};

function samplesOf(result: ProbeResult): Sample[] {
  const { last, phases, tls, ipVersion } = result;
  return [
    sample(success, result.fault === undefined ? 1 : 0),
    sample(lookup, phases.resolve),
    ...(Object.keys(phases) as (keyof Phases)[]).map((phase) =>
      sample(phaseSeconds, phases[phase], { phase }),
    ),
    sample(redirects, result.redirects),
    sample(redirectedAway, result.isAway ? 1 : 0),
    sample(statusCode, last?.status ?? 0),
    sample(ssl, result.isLastOverTls ? 1 : 0),
    sample(bodyMissing, result.isBodyMissing ? 1 : 0),
    ...(ipVersion === undefined ? [] : [sample(ipProtocol, ipVersion)]),
    ...(last === undefined ? [] : answerSamples(last)),
    ...(tls === undefined ? [] : tlsSamples(tls)),
  ];
}

function answerSamples(answer: Answer): Sample[] {
  const isHit = isPageCacheHit(answer.headers);
  return [
    sample(contentLength, answer.transferredBytes),
    sample(bodyLength, answer.body.length),
    sample(version, Number(answer.httpVersion)),
    ...(isHit === undefined ? [] : [sample(cacheHit, isHit ? 1 : 0)]),
  ];
}

function tlsSamples(tls: TlsState): Sample[] {
  const isFinite = Number.isFinite(tls.earliestExpirySeconds);
  return [
    sample(tlsVersion, 1, { version: tls.version }),
    ...(isFinite ? [sample(earliestExpiry, tls.earliestExpirySeconds)] : []),
    ...(isFinite && tls.fault === undefined ? [sample(chainExpiry, tls.earliestExpirySeconds)] : []),
  ];
}
