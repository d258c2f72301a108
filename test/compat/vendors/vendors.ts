import { CONTENT } from './content.ts'
import { MEDIA } from './media.ts'
import { RECORDS } from './records.ts'
import { SEARCH } from './search.ts'
import { UPLOADS } from './uploads.ts'
import type { Vendor } from './vendor.ts'
import { VOICES } from './voices.ts'

/** Every vendor, one row each. */
export const VENDORS: readonly Vendor[] = [...UPLOADS, ...RECORDS, ...SEARCH, ...VOICES, ...CONTENT, ...MEDIA]
