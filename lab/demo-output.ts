import type { Healing, Phase } from './healing.ts';
import type { Lab } from './stack/lab.ts';

/** How each step reads. */
const PHASE_LINES: Readonly<Record<Phase, string>> = {
  seen: 'seen: Prometheus has it',
  firing: 'alert firing',
  started: 'fix started: corroborated, guarded, the host locked',
  fixed: 'fix done',
  verified: 'verified, by fresh samples',
  resolved: 'alert resolved',
};

/** Writes lines for people; colours only where a terminal shows them. */
export interface DemoOutput {
  readonly line: (text: string) => void;
  readonly broken: (description: string) => void;
  readonly phase: (phase: Phase, seconds: number) => void;
  readonly healing: (healing: Healing) => void;
  readonly addresses: (lab: Lab) => void;
}

/** Makes the output on a stream. */
export function createDemoOutput(stream: NodeJS.WriteStream): DemoOutput {
  const paint = (code: number, text: string) => (stream.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  const line = (text: string) => void stream.write(`${text}\n`);
  const timed = (seconds: number, text: string) => line(`  ${seconds.toFixed(1).padStart(6)} s  ${text}`);
  return {
    line,
    broken(description) {
      line('');
      timed(0, paint(31, `broken: ${description}`));
    },
    phase: (phase, seconds) => timed(seconds, paint(phase === 'verified' ? 32 : 36, PHASE_LINES[phase])),
    healing({ fault, isHealed, outcome }) {
      if (isHealed) line(paint(32, `healed: ${fault}`));
      else line(paint(31, `not healed: ${fault} (${outcome ?? 'no run came of it'})`));
    },
    addresses({ ports, secrets, site }) {
      const address = (port: number) => `http://127.0.0.1:${port}`;
      line('');
      line(`  the site       ${site.url}`);
      line(
        `  Prometheus     ${address(ports.prometheus)}   user steward, password ${secrets.prometheus_password}`,
      );
      line(
        `  Alertmanager   ${address(ports.alertmanager)}   user steward, password ${secrets.alertmanager_password}`,
      );
      line(
        `  the runs       ${address(ports.remediator)}/api/runs   user steward, password ${secrets.remediator_password}`,
      );
      line(`  the exporter   ${address(ports.exporter)}`);
    },
  };
}

/** The result of `--once --json`: seconds from the fault, for the steps that were reached before the alert was resolved. */
export function healingJson({ fault, isHealed, seconds }: Healing): string {
  const { seen, firing, started, fixed, verified } = seconds;
  return JSON.stringify({ fault, healed: isHealed, seconds: { seen, firing, started, fixed, verified } });
}
