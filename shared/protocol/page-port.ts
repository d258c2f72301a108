/**
 * Names of the `runtime.Port` between content/ and background/: the isolated script says by the name what only it can see.
 * No page can: it has no part in the isolated world.
 */

/** Between this document and the tab's own there is none of a third origin. */
export const PAGE_PORT = 'page'

/** There is one, or one that the browser does not tell apart from it: nobody granted anything to such a place. */
export const STRANGERS_PORT = 'page-among-strangers'
