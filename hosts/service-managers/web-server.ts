/** How the web servers that Steward knows are told to take certificates anew without ending what they serve. */
const reloadSignals: Readonly<Record<string, 'HUP' | 'USR1'>> = {
  nginx: 'HUP',
  apache2: 'USR1',
  httpd: 'USR1',
};

/** Whether a service is a web server that can be reloaded, by its name. */
export function isWebServer(name: string): boolean {
  return Object.hasOwn(reloadSignals, name);
}

/** The signal that reloads a web server where its manager has no command for that; HUP where the name says nothing. */
export function reloadSignalOf(name: string): 'HUP' | 'USR1' {
  return (Object.hasOwn(reloadSignals, name) ? reloadSignals[name] : undefined) ?? 'HUP';
}
