import type { MendKind } from '../../shared/model/mend-kind.ts'
import { removeLeftFiles } from '../store/left-files.ts'
import { tightenModes } from '../store/tighten-modes.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'

/**
 * Put in order what a host can, in the folder of the vault that is open, and nowhere else.
 *
 * @returns how many things were: zero where somebody was faster. @throws Refusal `invalid` where a file is a link or another user's.
 */
export function mend(context: OwnerContext, kind: MendKind): number {
  const mended = kind === 'file-modes' ? tightenModes(context.store) : removeLeftFiles(context.store)
  if (mended > 0) record(context, 'host.mend', kind)
  return mended
}
