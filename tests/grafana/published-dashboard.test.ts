import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { dashboardFiles, dashboardsFolder } from './dashboard-files.ts';

const form = "import type { PublishedDashboard } from './published-dashboard.ts';\n";

/** What the compiler finds wrong where the texts, which are JSON, are taken for dashboards; by the name of the text. */
function faultsOf(texts: ReadonlyMap<string, string>): Map<string, string[]> {
  const files = new Map(
    [...texts].map(([name, json]) => [
      path.join(import.meta.dirname, `${name}.ts`),
      `${form}export const dashboard: PublishedDashboard = ${json};\n`,
    ]),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    allowImportingTsExtensions: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    fileExists: (file) => files.has(file) || host.fileExists(file),
    readFile: (file) => files.get(file) ?? host.readFile(file),
    getSourceFile(file, version, ...rest) {
      const text = files.get(file);
      return text === undefined
        ? host.getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version);
    },
  });
  const found = ts.getPreEmitDiagnostics(program).map((fault) => ({
    name: path.basename(fault.file?.fileName ?? '', '.ts'),
    message: ts.flattenDiagnosticMessageText(fault.messageText, '\n'),
  }));
  return new Map(
    [...texts.keys()].map((name) => [
      name,
      found.filter((fault) => fault.name === name).map(({ message }) => message),
    ]),
  );
}

const texts = new Map(
  dashboardFiles.map(({ file }) => [
    path.basename(file, '.json'),
    readFileSync(path.join(dashboardsFolder, file), 'utf8'),
  ]),
);

const broken = [
  { what: 'a field that no dashboard has', from: '"refresh": "1m"', to: '"refreshes": "1m"' },
  { what: 'no schemaVersion', from: /"schemaVersion": \d+,/, to: '' },
  { what: 'a kind of panel that is not there', from: '"type": "timeseries"', to: '"type": "time-series"' },
  { what: 'an option that the panel does not have', from: '"showLegend"', to: '"showsLegend"' },
  {
    what: 'a value that the option does not have',
    from: '"placement": "bottom"',
    to: '"placement": "below"',
  },
  { what: 'a text for a number', from: '"axisSoftMin": 0', to: '"axisSoftMin": "0"' },
  { what: 'a query without refId', from: '"refId": "A"', to: '"hide": false' },
  { what: 'a panel without id', from: /,\s*"id": \d+\s*\}/, to: '}' },
  { what: 'a field that no variable has', from: '"allValue"', to: '"valueOfAll"' },
].map((fault, index) => ({ ...fault, name: `broken-${index}` }));

const whole = texts.get('host') ?? '';
const faults = faultsOf(
  new Map([...texts, ...broken.map(({ name, from, to }) => [name, whole.replace(from, to)] as const)]),
);

test.each([...texts.keys()])('%s is a dashboard as Grafana publishes its form', (name) => {
  expect(faults.get(name)).toEqual([]);
});

test.each(broken)('$what is noticed', ({ name, from, to }) => {
  expect(whole.replace(from, to)).not.toBe(whole);
  expect(faults.get(name)).not.toEqual([]);
});
