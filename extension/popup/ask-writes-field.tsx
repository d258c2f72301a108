import { t } from '../ui/strings.ts'
import { TickField } from '../ui/tick-field.tsx'

/** Lets the owner be asked before each change, and says what either way means. */
export function AskWritesField(props: { ticked: boolean; onTick: (ticked: boolean) => void }) {
  return (
    <TickField
      label={t('askWrites')}
      hint={t(props.ticked ? 'askWritesYes' : 'askWritesNo')}
      ticked={props.ticked}
      onTick={props.onTick}
    />
  )
}
