/**
 * Who may import what: every room of the tree with the rooms and packages it may import besides itself. What is not named
 * is refused. The longest key that a path begins with is its room; a key that ends in `.ts` is one file with more freedom.
 */

/** A room's freedom, and the sentence for whoever goes beyond it. */
export interface Room {
  readonly rooms: readonly string[]
  readonly packages: readonly string[]
  readonly why: string
  /** Also what its imports import in turn must stay within `packages`: all of it is what a page waits for. */
  readonly small?: true
}

const room = (why: string, rooms: readonly string[], packages: readonly string[] = []): Room => {
  return { rooms, packages, why }
}

const PURE = ['node:buffer', 'node:crypto', 'node:path', 'node:util', 'zod/mini']
const PREACT = ['preact', 'preact/hooks', 'webextension-polyfill']

/** In the extension: carries and witnesses, decides nothing. */
const EXTENSION: Record<string, Room> = {
  'extension/page': {
    ...room('page/ meets the other worlds at the wire in shared/protocol; every page loads it whole', [
      'shared',
    ]),
    small: true,
  },
  'extension/content': {
    ...room('content/ meets the other worlds at the wire in shared/protocol; every page loads it whole', [
      'shared',
    ]),
    small: true,
  },
  'extension/background': room(
    'background/ meets the other worlds at the wires in shared/protocol',
    ['shared', 'extension/ui'],
    ['webextension-polyfill', 'zod/mini'],
  ),
  'extension/popup': {
    ...room(
      'the popup speaks to background/ over the owner port and imports ui/ and shared/ only, without the schemas: they would be built before it is drawn',
      ['shared', 'extension/ui'],
      PREACT,
    ),
    small: true,
  },
  'extension/control': room(
    'the control room speaks to background/ over the owner port and imports ui/ and shared/ only',
    ['shared', 'extension/ui', 'extension/control/timeline'],
    PREACT,
  ),
  'extension/control/timeline': room(
    'the timeline alone draws with the plotting library, which no other room is to wait for',
    ['shared', 'extension/ui', 'extension/control'],
    [...PREACT, 'uplot', 'uplot/dist/uPlot.min.css'],
  ),
  'extension/ui': {
    ...room(
      'ui/ is what the pages share: it knows none of them, and no schema, which would be built before they are drawn',
      ['shared', 'extension/_locales'],
      PREACT,
    ),
    small: true,
  },
}

/** In the host, from the ground up. `native-host` itself: the few words that every room uses. */
const HOST: Record<string, Room> = {
  'native-host': room(
    'problem, refusal and version are words for all rooms: they know none',
    ['shared'],
    PURE,
  ),
  'native-host/policy': room(
    'policy/ is pure: it imports shared/ and itself',
    ['shared', 'native-host'],
    ['node:buffer', 'graphql/language', 'ipaddr.js'],
  ),
  'native-host/auth': room(
    'auth/ puts a secret into a request: it knows how policy/ reads bodies and what a secret of vault/ is',
    ['shared', 'native-host', 'native-host/policy', 'native-host/vault'],
    [...PURE, 'jose', 'node-forge', 'oauth4webapi'],
  ),
  'native-host/store': room(
    'store/ keeps sealed rows: it knows the keys of vault/ and nothing above',
    ['shared', 'native-host', 'native-host/vault'],
    [...PURE, 'node:fs', 'node:sqlite'],
  ),
  'native-host/vault': room(
    'vault/ guards keys and secrets: it knows the rows of store/ and the permits of audit/',
    ['shared', 'native-host', 'native-host/store', 'native-host/audit'],
    [...PURE, 'node:fs', 'node:url'],
  ),
  'native-host/sessions': room(
    'sessions/ knows its rows and the keys',
    ['shared', 'native-host', 'native-host/store', 'native-host/vault'],
    PURE,
  ),
  'native-host/budgets': room(
    'budgets/ counts what calls may use and used: it knows rows, keys and sessions, and is asked within the transactions of audit/',
    ['shared', 'native-host', 'native-host/store', 'native-host/vault', 'native-host/sessions'],
    PURE,
  ),
  'native-host/audit': room(
    'audit/ writes down: it knows rows, keys, sessions, and what calls reserve',
    [
      'shared',
      'native-host',
      'native-host/store',
      'native-host/vault',
      'native-host/sessions',
      'native-host/budgets',
    ],
    PURE,
  ),
  'native-host/upstream': room(
    'upstream/ sends what it is given: it has the sockets, and knows no vault and nobody who calls it',
    ['shared', 'native-host', 'native-host/policy', 'native-host/auth'],
    [...PURE, 'node:dns', 'node:net', 'node:stream', 'node:tls', 'undici'],
  ),
  'native-host/references': room(
    'references/ fetches secrets from where they live: it knows their places and the way out, not calls and their owners',
    under('policy', 'auth', 'store', 'vault', 'upstream'),
    PURE,
  ),
  'native-host/minting': room(
    'minting/ gets tokens for permitted calls: it knows schemes, sealed rows and the way out, and no call',
    under('policy', 'auth', 'store', 'vault', 'audit', 'upstream'),
    [...PURE, 'node:timers/promises'],
  ),
  'native-host/broker': room(
    'broker/ is the straight line of one call: front ends call it, it calls none; sockets are in upstream/',
    under(
      'policy',
      'auth',
      'store',
      'vault',
      'sessions',
      'budgets',
      'audit',
      'upstream',
      'references',
      'minting',
    ),
    [...PURE, 'node:stream', 'node:zlib'],
  ),
  'native-host/authorizing': room(
    'authorizing/ waits on this machine for the answer to one sign-in: it knows no vault and sends nothing',
    ['shared', 'native-host'],
    [...PURE, 'node:http'],
  ),
  'native-host/playground': room(
    'playground/ serves one page and one model on this machine: it knows no vault and sends nothing',
    ['shared', 'native-host'],
    [...PURE, 'node:http'],
  ),
  'native-host/import': room(
    'import/ reads files that others wrote and says what they would become: it is given text and writes nothing',
    ['shared', 'native-host', 'native-host/policy', 'native-host/vault'],
    [...PURE, '@scalar/openapi-parser', 'yaml'],
  ),
  'native-host/owner': room(
    'owner/ carries out orders, whichever front end they came through',
    under(
      'import',
      'policy',
      'auth',
      'store',
      'vault',
      'sessions',
      'budgets',
      'audit',
      'upstream',
      'minting',
      'authorizing',
      'playground',
      'references',
      'broker',
    ),
    PURE,
  ),
  'native-host/transport': room(
    'transport/ carries frames to broker/ and owner/ and decides nothing',
    under('sessions', 'broker', 'owner'),
    [...PURE, 'node:stream', 'node:zlib'],
  ),
  'native-host/install': room(
    'install/ knows browsers, folders and programs, not calls',
    [...under('store', 'vault', 'references'), 'manifest.json'],
    [...PURE, 'node:child_process', 'node:fs', 'node:os'],
  ),
  'native-host/cli': room(
    'the commands speak and print; files, processes and sockets are in store/, vault/, install/ and upstream/',
    under(
      'policy',
      'auth',
      'store',
      'vault',
      'sessions',
      'budgets',
      'audit',
      'upstream',
      'references',
      'broker',
      'owner',
      'install',
      'import',
    ),
    [...PURE, 'commander', 'node:readline'],
  ),
}

/** Single files that may have what their room may not. */
const FILES: Record<string, Room> = {
  'native-host/main.ts': room(
    'main.ts ties a browser to the broker',
    under('owner', 'transport', 'references', 'install'),
    PURE,
  ),
  'native-host/attendant.ts': room(
    'attendant.ts runs the host and what fetches secrets for it; it knows no vault and no call',
    under('references'),
    [...PURE, 'node:child_process', 'node:stream'],
  ),
  'native-host/cli.ts': room('cli.ts is the door of cli/', ['native-host/cli']),
  'native-host/vault-home.ts': room(
    'vault-home.ts asks the platform for a folder',
    [],
    ['node:os', 'node:path'],
  ),
  'native-host/serve-on-loopback.ts': room(
    'serve-on-loopback.ts listens on this machine, for the rooms that wait for a browser there',
    [],
    ['node:http', 'node:net'],
  ),
  'native-host/small-heap.ts': room(
    'small-heap.ts tells the engine how much memory this process is worth',
    [],
    ['node:v8', 'node:vm'],
  ),
  // Compiles the built host; runs no text but that.
  'native-host/install/code-cache.ts': more('native-host/install', 'node:vm'),
  // The few parts of undici that are loaded; its types come from the whole.
  'native-host/upstream/http-client.ts': more(
    'native-host/upstream',
    'undici/lib/api/api-request.js',
    'undici/lib/core/connect.js',
    'undici/lib/dispatcher/agent.js',
    'undici/lib/dispatcher/dispatcher.js',
  ),
  // Asks for how long the machine has run: the one clock that nobody sets.
  'native-host/sessions/clock.ts': more('native-host/sessions', 'node:os'),
  // Parses the text of an address; opens nothing.
  'native-host/policy/address.ts': more('native-host/policy', 'node:net'),
  // Parses the certificates a service pins; verifies and opens nothing.
  'native-host/policy/certificates.ts': more('native-host/policy', 'node:crypto'),
  // The holder's local socket.
  'native-host/vault/keyholder.ts': more('native-host/vault', 'node:net'),
  'native-host/vault/start-holder.ts': more('native-host/vault', 'node:child_process'),
  'native-host/vault/keychain.ts': more('native-host/vault', 'node:child_process'),
  'native-host/vault/keychain-program.ts': more('native-host/vault', '@napi-rs/keyring'),
  // Runs the owner's programs, after a look at who could have put them there; one pipe leads to the host that asks.
  'native-host/references/run-command.ts': more('native-host/references', 'node:child_process'),
  'native-host/references/find-program.ts': more('native-host/references', 'node:fs'),
  'native-host/references/registry.ts': more('native-host/references', 'node:fs'),
  'native-host/references/attended.ts': more('native-host/references', 'node:net'),
  'native-host/references/attend.ts': more('native-host/references', 'node:stream'),
  // Ends the reading of a document that takes too long. Runs no text as code.
  'native-host/import/in-time.ts': more('native-host/import', 'node:vm'),
  // Reads the files of the page that it serves, by a list of names.
  'native-host/playground/page-files.ts': more('native-host/playground', 'node:fs'),
  // Says what is wrong with the host and its folder, with the checks of the installation.
  'native-host/owner/examine.ts': room(
    'owner/examine.ts looks at the host as `doctor` does',
    under('store', 'vault', 'audit', 'install'),
    PURE,
  ),
  // Says who would start this host and who runs beside it, with the checks of the installation.
  'native-host/owner/devices.ts': room(
    'owner/devices.ts looks at this machine as `install` knows it',
    under('store', 'vault', 'sessions', 'install'),
    PURE,
  ),
  // Has what started this process from `main.ts`, and hands it to those two.
  'native-host/owner/door.ts': besides('native-host/owner', 'native-host/install'),
  // Says who reaches a local server, by what the installation's checks see of this machine.
  'native-host/owner/check-local-server.ts': room(
    'owner/check-local-server.ts looks at local servers as `doctor` does',
    under('install'),
    PURE,
  ),
  // Reads the files that the owner names on the command line.
  'native-host/cli/owner-files.ts': more('native-host/cli', 'node:fs'),
}

/** Rooms of the host, with what every one of them may import. */
function under(...names: string[]): string[] {
  return ['shared', 'native-host', ...names.map((name) => `native-host/${name}`)]
}

function more(key: string, ...packages: string[]): Room {
  const base = HOST[key] ?? room('', [])
  return { ...base, packages: [...base.packages, ...packages] }
}

/** The same for another folder of the product. */
function besides(key: string, folder: string): Room {
  const base = HOST[key] ?? room('', [])
  return { ...base, rooms: [...base.rooms, folder] }
}

/** Where a process starts: nothing imports these. */
export const PROGRAMS: readonly string[] = [
  'native-host/main.ts',
  'native-host/attendant.ts',
  'native-host/cli.ts',
  'native-host/install/start-built.ts',
]

/** Every room by its folder or file. */
export const ROOMS: Readonly<Record<string, Room>> = {
  shared: room(
    'shared/ is what both sides agree on: zod and types, no I/O, no DOM, no Node',
    [],
    ['zod/mini'],
  ),
  ...EXTENSION,
  ...HOST,
  ...FILES,
}
