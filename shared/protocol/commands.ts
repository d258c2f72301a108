import * as z from 'zod/mini'
import { APPROVAL_COMMANDS, type ApprovalResults } from './approval-commands.ts'
import { type AskWritesResults, GrantAskWritesSchema } from './ask-writes-commands.ts'
import { AUDIT_COMMANDS, type AuditResults } from './audit-commands.ts'
import { type AutoLockResults, AutoLockSchema, AutoLockSetSchema } from './auto-lock-commands.ts'
import { BUDGET_COMMANDS, type BudgetResults } from './budget-commands.ts'
import { CAPABILITY_COMMANDS, type CapabilityResults } from './capability-commands.ts'
import { DEVICE_COMMANDS, type DeviceResults } from './device-commands.ts'
import { GRANT_COMMANDS, type GrantResults } from './grant-commands.ts'
import { OPENAPI_COMMANDS, type OpenApiResults } from './openapi-commands.ts'
import { type KeyMark, KeyMarksSchema, KeyMoveSchema } from './page-keys.ts'
import { type PauseResults, VaultPauseSchema, VaultResumeSchema } from './pause-commands.ts'
import { PlaygroundCloseSchema, PlaygroundOpenSchema, type PlaygroundPlace } from './playground-commands.ts'
import { PRESET_COMMANDS, type PresetResults } from './preset-commands.ts'
import { SERVICE_COMMANDS, type ServiceResults, type ServiceSummary } from './service-commands.ts'
import { SESSION_COMMANDS, type SessionResults } from './session-commands.ts'
import { VAULT_COMMANDS, type VaultResults } from './vault-commands.ts'

/**
 * What the owner may order from an extension page (popup, control room). background/ accepts these from the
 * extension's own pages only. No command returns a secret, but for a recovery code that was just made, to be shown once.
 */
export const CommandSchema = z.discriminatedUnion('name', [
  ...VAULT_COMMANDS,
  ...DEVICE_COMMANDS,
  VaultPauseSchema,
  VaultResumeSchema,
  AutoLockSchema,
  AutoLockSetSchema,
  ...SERVICE_COMMANDS,
  ...PRESET_COMMANDS,
  KeyMarksSchema,
  KeyMoveSchema,
  ...CAPABILITY_COMMANDS,
  ...OPENAPI_COMMANDS,
  ...GRANT_COMMANDS,
  GrantAskWritesSchema,
  ...SESSION_COMMANDS,
  ...APPROVAL_COMMANDS,
  ...BUDGET_COMMANDS,
  ...AUDIT_COMMANDS,
  PlaygroundOpenSchema,
  PlaygroundCloseSchema,
])
export type Command = z.infer<typeof CommandSchema>
/** The `name` of a command. */
export type CommandName = Command['name']

/** What each command answers with. */
export interface CommandResults
  extends VaultResults,
    DeviceResults,
    PauseResults,
    AutoLockResults,
    ServiceResults,
    PresetResults,
    CapabilityResults,
    OpenApiResults,
    GrantResults,
    AskWritesResults,
    SessionResults,
    ApprovalResults,
    BudgetResults,
    AuditResults {
  'key-marks': KeyMark[]
  'key-move': ServiceSummary
  'playground-open': PlaygroundPlace
  'playground-close': null
}
