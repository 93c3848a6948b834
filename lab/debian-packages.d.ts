/** The packages of the lab's site and the host around it. */
export const sitePackages: readonly string[];
