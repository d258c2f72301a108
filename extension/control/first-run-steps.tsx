import { type MessageName, t } from '../ui/strings.ts'
import { FIRST_RUN_STEPS, type FirstRunStep } from './first-run-step.ts'
import './first-run-steps.css'

const NAMES: Record<FirstRunStep, MessageName> = {
  host: 'stepHost',
  vault: 'stepVault',
  service: 'stepService',
  connect: 'stepConnect',
}

/** Which step of the first run it is, and what comes. */
export function FirstRunSteps(props: { step: FirstRunStep }) {
  const current = FIRST_RUN_STEPS.indexOf(props.step)
  return (
    <ol class="steps" aria-label={t('steps')}>
      {FIRST_RUN_STEPS.map((step, index) => (
        <li
          key={step}
          class={index < current ? 'step step-done' : 'step'}
          aria-current={index === current ? 'step' : undefined}
        >
          <span class="step-mark" aria-hidden="true">
            {index < current ? '✓' : index + 1}
          </span>
          {t(NAMES[step])}
        </li>
      ))}
    </ol>
  )
}
