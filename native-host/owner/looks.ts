import type { Command } from '../../shared/protocol/commands.ts'

/**
 * Orders that only look. After any other, whoever shows the vault is told to ask again: told after these too, a page that shows it
 * would ask for ever, since asking is what it does then.
 */
export const LOOKS: ReadonlySet<Command['name']> = new Set<Command['name']>([
  'approval-list',
  'audit-counts',
  'audit-list',
  'audit-page',
  'auto-lock',
  'budget-list',
  'capability-draft',
  'capability-failovers',
  'capability-list',
  'capability-preview',
  'capability-tighten',
  'explain',
  'grant-list',
  'grant-use',
  'openapi-read',
  'service-list',
  'service-update-preview',
  'session-list',
  'site-refusal',
  'site-view',
  'slot-list',
])
