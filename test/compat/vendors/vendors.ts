import { AGENTS } from './agents.ts'
import { CHATS } from './chats.ts'
import { CONTENT } from './content.ts'
import { DATABASES } from './databases.ts'
import { FILES } from './files.ts'
import { GRAPHQL_STREAMS } from './graphql-streams.ts'
import { LIVE } from './live.ts'
import { MEDIA } from './media.ts'
import { OFFICES } from './offices.ts'
import { PARTS } from './parts.ts'
import { PIECES } from './pieces.ts'
import { PROCEDURES } from './procedures.ts'
import { RECORDS } from './records.ts'
import { SEARCH } from './search.ts'
import { SPACES } from './spaces.ts'
import { STORES } from './stores.ts'
import { UPLOADS } from './uploads.ts'
import type { Vendor } from './vendor.ts'
import { VOICES } from './voices.ts'

/** Every vendor, one row each. */
export const VENDORS: readonly Vendor[] = [
  ...[UPLOADS, RECORDS, SEARCH, VOICES, CONTENT, MEDIA].flat(),
  ...[
    AGENTS,
    CHATS,
    SPACES,
    OFFICES,
    PROCEDURES,
    DATABASES,
    STORES,
    FILES,
    PARTS,
    PIECES,
    LIVE,
    GRAPHQL_STREAMS,
  ].flat(),
]
