import type { DatabaseSync } from 'node:sqlite'

/** Marks a SQLite file as a vault of this product (`PRAGMA application_id`; the letters `VKey`). */
export const APPLICATION_ID = 0x564b6579

/**
 * One entry per schema version, applied in order; `PRAGMA user_version` counts how many a file has had. Append only.
 * In clear: random ids, times, versions, keyed hashes (`*_index`), slot parameters, the chain. All else is sealed.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE slots (
    id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, created_at INTEGER NOT NULL,
    parameters TEXT NOT NULL, wrapped BLOB NOT NULL
  ) STRICT;
  CREATE TABLE services (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, name_index BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE secrets (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL,
    service TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    name_index BLOB NOT NULL, sealed BLOB NOT NULL, UNIQUE (service, name_index)
  ) STRICT;
  CREATE TABLE capabilities (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, name_index BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE grants (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, place_index BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, place_index BLOB NOT NULL,
    ended_at INTEGER, sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_place ON sessions (place_index, ended_at);
  CREATE INDEX sessions_by_end ON sessions (ended_at);
  CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY NOT NULL, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
    rate_index BLOB, sealed BLOB NOT NULL, mac BLOB NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_rate ON audit (rate_index, at) WHERE rate_index IS NOT NULL;
  `,
  // What calls may still use of the owner's limits (`reservations`, one for each call that runs), what was used
  // (`budgets`), and which processes are there to end their calls (`processes`).
  `
  CREATE TABLE processes (id TEXT PRIMARY KEY NOT NULL, beat INTEGER NOT NULL) STRICT;
  CREATE TABLE reservations (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, process TEXT NOT NULL,
    capability_index BLOB NOT NULL, session_index BLOB, sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX reservations_by_capability ON reservations (capability_index);
  CREATE INDEX reservations_by_session ON reservations (session_index) WHERE session_index IS NOT NULL;
  CREATE INDEX reservations_by_process ON reservations (process);
  CREATE TABLE budgets (capability_index BLOB PRIMARY KEY NOT NULL, version INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
  `,
  // `approvals`: calls that wait for the owner in the process `host`. `standing_answers`: what was answered for more than one
  // call. `denied_asks`: when a site was last told no.
  `
  CREATE TABLE approvals (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, host TEXT NOT NULL, session TEXT NOT NULL,
    expires_at INTEGER NOT NULL, sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE standing_answers (
    ask_index BLOB PRIMARY KEY NOT NULL, session TEXT NOT NULL, expires_at INTEGER NOT NULL, sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE denied_asks (place_index BLOB NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE INDEX denied_asks_by_place ON denied_asks (place_index, at);
  `,
  // Tokens that were got with the secrets of a service, one row for each place they come from. `lease_holder`: who asks for
  // the next one now, `lease_until`: and for how long at most.
  `
  CREATE TABLE minted_tokens (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL,
    service TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    source_index BLOB NOT NULL, lease_holder TEXT, lease_until INTEGER, sealed BLOB NOT NULL,
    UNIQUE (service, source_index)
  ) STRICT;
  `,
  // What the records of each thousand of the log are about, sealed like them: see `audit/chapter-index.ts`. Made from them, so it
  // may be missing.
  `
  CREATE TABLE audit_chapters (chapter INTEGER PRIMARY KEY NOT NULL, sealed BLOB NOT NULL) STRICT;
  `,
  // Of reservations there are as many as calls run: they are found by reading all, and each is written and taken away as one page
  // of the disk. With four indexes it was five. What runs in other processes meanwhile goes on: the columns are the same.
  `
  CREATE TABLE reservations_kept (
    id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, process TEXT NOT NULL,
    capability_index BLOB NOT NULL, session_index BLOB, sealed BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO reservations_kept SELECT id, version, process, capability_index, session_index, sealed FROM reservations;
  DROP TABLE reservations;
  ALTER TABLE reservations_kept RENAME TO reservations;
  `,
]

/** Newest schema version this program knows. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Every object of a database with its definition, in one order. Two databases of the same schema version are equal
 * here, so a table that was changed or a trigger that was added from outside shows.
 */
export function schemaText(database: DatabaseSync): string {
  const rows = database
    .prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name')
    .all()
  return rows.map((row) => `${row.type} ${row.name}: ${row.sql}`).join('\n')
}
