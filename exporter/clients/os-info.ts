import { osInfo } from 'systeminformation';

/** What runs on this machine. */
export interface OsInfo {
  readonly distribution: string;
  readonly release: string;
  readonly kernel: string;
  readonly architecture: string;
}

/**
 * Reads what runs on this machine. This starts programs and takes some 80 ms, so it is done once for a process and never in a scrape; what changes
 * while the machine runs comes from /proc instead.
 */
export async function readOsInfo(): Promise<OsInfo> {
  const { distro, release, kernel, arch } = await osInfo();
  return { distribution: distro, release, kernel, architecture: arch };
}
