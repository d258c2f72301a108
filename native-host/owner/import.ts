import { ServiceSchema } from '../../shared/model/service.ts'
import type { ImportedService, ImportPlan } from '../import/import-plan.ts'
import { checkService } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { checkFit } from './check-fit.ts'
import { checkSchemes } from './check-schemes.ts'
import { checkSecrets } from './check-secrets.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { record } from './record.ts'
import { checkTakeIn, type Intake, type TakenIn, takeIn } from './take-in.ts'

/**
 * Bring what a file holds into the vault, all or nothing: services with their secrets, and capabilities. No site is given
 * anything.
 *
 * @param replace false: ids that exist refuse everything. @throws Refusal `exists`, `invalid` (nothing in the file is taken).
 */
export function importPlan(context: OwnerContext, plan: ImportPlan, replace: boolean): TakenIn {
  const intake = intakeOf(plan)
  return context.store.transaction(() => {
    record(context, 'vault.import', plan.format)
    return takeIn(context, intake, { verb: 'import', replace })
  })
}

/**
 * The same without writing.
 *
 * @param complete false: secrets that are asked for only when it is done may be missing. @returns ids that exist already.
 * @throws Refusal as `importPlan`, except `exists`.
 */
export function tryImport(context: OwnerContext, plan: ImportPlan, complete = true): string[] {
  return checkTakeIn(context, intakeOf(plan), complete)
}

/** What is wrong with a service from a file, so that it could not be saved; null for nothing. */
export function serviceFault({ service, secrets }: ImportedService): string | null {
  const parsed = ServiceSchema.safeParse(service)
  if (!parsed.success) return firstIssue('service', parsed.error.issues)
  try {
    checkService(parsed.data)
    checkSchemes(parsed.data)
    checkSecrets(parsed.data, secrets, true)
    checkFit(parsed.data, secrets, { complete: true, now: Date.now() })
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

function intakeOf({ services, capabilities }: ImportPlan): Intake {
  if (services.length === 0 && capabilities.length === 0)
    throw new Refusal('invalid', 'nothing in the file is taken: `--dry-run` says why')
  return { services, capabilities, grants: [], ledgers: [], wasSaved: false }
}
