import type { Command } from 'commander'
import type { BudgetSummary, Measure } from '../../shared/protocol/budget-commands.ts'
import * as budgets from '../owner/budgets.ts'
import { moneyText } from './parse-money.ts'
import { moment, table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** `budget list | reset`: what capabilities used of what they may. */
export function registerBudget(program: Command, terminal: Terminal): void {
  const budget = program.command('budget').description('what capabilities used of what they may')
  budget
    .command('list')
    .description('tokens and money of every capability, and what its live sessions moved')
    .action(() => list(terminal))
  budget
    .command('reset <capability>')
    .description('begin to count anew; calls in flight count when they end')
    .action((capability: string) => reset(capability, terminal))
}

async function list(terminal: Terminal): Promise<void> {
  await withOwner((context) => {
    const all = budgets.list(context)
    terminal.answer(all, table(all.flatMap(rowsOf)))
  })
}

async function reset(capability: string, terminal: Terminal): Promise<void> {
  await withOwner((context) => {
    const left = budgets.reset(context, capability)
    terminal.answer(left, `The budget of ${capability} begins anew.`)
  })
}

function rowsOf(budget: BudgetSummary): string[][] {
  const { capability, tokens, cost, sessions } = budget
  const frees = budget.freesAt === null ? '' : `some of it back from ${moment(budget.freesAt)}`
  const asTokens = (amount: number) => `${amount} tokens`
  const rows = [
    [capability, `per ${budget.period}`, measureText(tokens, asTokens), unknownText(budget), frees],
  ]
  if (cost !== null) {
    const asMoney = (amount: number) => moneyText(amount, cost.currency)
    rows.push([capability, `per ${budget.period}`, measureText(cost, asMoney), '', frees])
  }
  for (const { origin, requests, bytes, bytesUp, running } of sessions) {
    rows.push([capability, origin, measureText(requests, (n) => `${n} calls`), `${running} in flight`, ''])
    rows.push([capability, origin, measureText(bytes, (n) => `${n} bytes down`), '', ''])
    rows.push([capability, origin, measureText(bytesUp, (n) => `${n} bytes up`), '', ''])
  }
  return rows
}

function measureText({ limit, spent, reserved, left }: Measure, text: (amount: number) => string): string {
  const held = reserved === 0 ? '' : `, ${text(reserved)} held`
  return limit === null || left === null
    ? `${text(spent)}${held}, no limit`
    : `${text(spent)}${held} of ${text(limit)}, ${text(left)} left`
}

function unknownText({ calls, unknown }: BudgetSummary): string {
  return unknown === 0 ? `${calls} calls` : `${calls} calls, ${unknown} that did not say what they used`
}
