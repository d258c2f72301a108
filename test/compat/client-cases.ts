import { type Case, FIRST, made, notes, TICKED } from './case.ts'

/** Smaller clients, each with a way of its own to call and to fail. */
export const CLIENTS: readonly Case[] = [
  notes('cross-fetch', 'cross-fetch', 'a fetch of its own over XMLHttpRequest: posts, meets a 404', {
    posted: [201, made('cross-fetch')],
    missing: [404, false],
  }),
  notes('redaxios', 'redaxios', 'posts, reads, meets a 404', {
    made: [201, made('redaxios')],
    read: FIRST,
    missing: 404,
  }),
  notes('feaxios', 'feaxios', 'posts, reads, meets a 404', {
    made: [201, made('feaxios')],
    read: FIRST,
    missing: 404,
  }),
  notes('xior', 'xior', 'posts, tries again after a 503 by its plugin, meets a 404', {
    made: made('xior'),
    retried: { free: 'xior' },
    missing: ['XiorError', 404],
  }),
  notes('up-fetch', 'up-fetch', 'posts, tries again after a 503, reads a stream, meets a 404', {
    made: made('up-fetch'),
    retried: { free: 'up-fetch' },
    missing: 404,
    text: TICKED,
  }),
  notes('alova', 'alova', 'posts, shares one call between two that ask, meets a 404', {
    made: made('alova'),
    both: [FIRST, FIRST],
    missing: 'status 404',
  }),
  notes('@octokit/rest', 'octokit-rest', 'reads all pages by their links, opens an issue, asks GraphQL', {
    titles: ['one', 'two', 'three'],
    made: [201, 'from octokit'],
    login: 'octocat',
    failed: 'GraphqlResponseError',
  }),
  notes(
    '@tanstack/query-core',
    'tanstack-query',
    'reads, tries again after a 503, ends a call by its signal',
    {
      read: FIRST,
      retried: { free: 'tanstack' },
      after: 'idle',
    },
  ),
]
