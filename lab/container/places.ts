/** How the container of the demo is called in the network of docker-compose.yml, and where it keeps and offers what. */
export const DEMO = {
  name: 'demo',
  folder: '/srv/lab',
  /** What `docker compose run --rm prepare-demo` made, as docker-compose.yml mounts it. */
  prepared: '/run/steward-demo',
  /** Stands there once all is up; the image's health check looks for it. */
  readyFile: '/run/steward-demo-ready',
  ports: { ssh: 22, site: 8080, bot: 8090, wordPressOrg: 8091 },
} as const;

/** The address of what the container offers over HTTP. */
export function demoUrl(service: 'site' | 'bot' | 'wordPressOrg'): string {
  return `http://${DEMO.name}:${DEMO.ports[service]}`;
}
