/**
 * What a running host can put in order by itself, all of it within the vault's own folder. `file-modes`: others may look into
 * the folder or read what is in it. `left-files`: processes that were killed left files behind. Everything else a host may
 * not write, and is a command for the terminal.
 */
export const MEND_KINDS = ['file-modes', 'left-files'] as const
export type MendKind = (typeof MEND_KINDS)[number]
