import { z } from 'zod';
import { gauge, sample } from '../../metrics/metric.ts';
import { amount, mapOf, wordPressPart } from './part.ts';

const users = gauge(
  'wordpress_users',
  'Users by role; those with two roles count in both. Roles other than the 15 with the most users and WordPress\'s own are "other".',
  ['role'],
);

/** The roles of WordPress itself, and `none`, are always there. */
const STANDARD_ROLES = ['administrator', 'editor', 'author', 'contributor', 'subscriber', 'none'];
const MOST_OTHER_ROLES = 15;

/** The users. */
export const userRoles = wordPressPart(
  'users',
  z.object({ roles: mapOf(amount, 100) }),
  [users],
  ({ roles }) => {
    const numbers = new Map(Object.entries(roles));
    const others = [...numbers]
      .filter(([role]) => !STANDARD_ROLES.includes(role) && role !== 'other')
      .sort(([, one], [, other]) => other - one);
    const named = others.slice(0, MOST_OTHER_ROLES);
    const rest = others
      .slice(MOST_OTHER_ROLES)
      .reduce((sum, [, number]) => sum + number, numbers.get('other') ?? 0);
    return [
      ...STANDARD_ROLES.map((role) => sample(users, numbers.get(role) ?? 0, { role })),
      ...named.map(([role, number]) => sample(users, number, { role })),
      sample(users, rest, { role: 'other' }),
    ];
  },
);
