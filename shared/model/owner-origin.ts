/**
 * What stands in the log for the origin of a call that the owner made: on the command line, or as a test of a service. No page has it:
 * origins of pages are of `http` or `https`.
 */
export const OWNER_ORIGIN = 'owner:local'
