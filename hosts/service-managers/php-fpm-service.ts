/** Whether a service is a php-fpm, by its name: `php8.2-fpm`, `php-fpm`, or a container such as `blog-php-fpm`. */
export function isPhpFpm(name: string): boolean {
  return /(?:^|[-_.])php[\d.]*-fpm\d*(?:@.*)?$/.test(name);
}
