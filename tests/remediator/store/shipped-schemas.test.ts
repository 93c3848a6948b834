import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { stepsOf, textOf } from './older-journal.ts';

/**
 * The steps that journals in the world have taken, by the SHA-256 of their texts. What is changed goes into a new step: a journal takes each
 * step once, so that one that is edited would make two schemas of the same version.
 */
const SHIPPED = {
  '0001-runs.sql': 'bb429146daf126121e1e723d69d1bf5c4225a8bf152b5f271473a4c286b6d6ad',
  '0002-pauses.sql': '95e984638a5170cda857ca70da912f2303a42481a8c52577ef3e36c8214e9dcf',
  '0003-decisions.sql': '51cad563cb87ba84b888634f368e4dcf974e6ba7271d8913fe99dd865d181fda',
  '0004-resting.sql': '5d7eeff8ce377072d872b483fe5f455cd7c730bbd6a7c0d3e74279ba0c69b35d',
  '0005-seen.sql': 'edb5f993a13c5491aa403380c837c5b8a8963c9c2cbb7d3360103c9cd6937e63',
  '0006-messages.sql': '6dbc150709a770a4cac57f5e66709eb5bf1d5244e169691e777f87223916c7c6',
  'postgres-0001-runs.sql': 'c73239e96f05857afc7e90600f5d4dd3872170506569a454e2fa4fa6948e3386',
  'postgres-0002-leases.sql': '6d5bdcc4907e2f9050e02b36dd67ad7682867ac0fa4826394ef2d28d290298a7',
  'postgres-0003-resting.sql': '08595ba7270841870c1b2c648354c703e79852802615b535f01157cc68e57608',
  'postgres-0004-seen.sql': '99c3f19f2bedaf8bef937474f153e6305dd6951123c87063b4fb02d3f6c36c81',
  'postgres-0005-messages.sql': '021d28ed38f9068bcef949679365135a720f8848a1419faf8e8b0af8708d0bef',
};

test('no step of a schema that was shipped has changed, and each is listed', () => {
  const names = [...stepsOf.sqlite, ...stepsOf.postgres];
  const digests = names.map((name) => [name, createHash('sha256').update(textOf(name)).digest('hex')]);
  expect(Object.fromEntries(digests)).toEqual(SHIPPED);
});
