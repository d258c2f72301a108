import { durationText } from '../ui/duration-text.ts'
import { Field } from '../ui/field.tsx'
import { dateText } from '../ui/moment-text.ts'
import { t } from '../ui/strings.ts'
import { LONGEST, localMoment, offeredDurations, secondsUntil } from './duration-choice.ts'

/**
 * How long the site may: a length by name, or until a moment.
 *
 * @param props.ttl the longest the capability allows, seconds. @param props.length seconds, or the text of a moment.
 */
export function DurationField(props: {
  ttl: number
  length: number | string
  onLength: (length: number | string) => void
}) {
  const until = typeof props.length === 'string'
  const offered = offeredDurations(props.ttl)
  const chosen = until ? null : Math.min(Number(props.length), props.ttl, LONGEST)
  return (
    <div class="stack-tight">
      <fieldset class="durations">
        <legend>{t('forHowLong')}</legend>
        {offered.map((seconds) => (
          <Choice
            key={seconds}
            text={durationText(seconds)}
            checked={chosen === seconds}
            onChoose={() => props.onLength(seconds)}
          />
        ))}
        <Choice
          text={t('untilMoment')}
          checked={until}
          onChoose={() => props.onLength(localMoment(Date.now() + Math.min(3600, props.ttl) * 1000))}
        />
      </fieldset>
      {until ? <Moment {...props} length={String(props.length)} /> : null}
    </div>
  )
}

function Choice(props: { text: string; checked: boolean; onChoose: () => void }) {
  return (
    <label class="duration">
      <input type="radio" name="duration" checked={props.checked} onChange={props.onChoose} />
      <span>{props.text}</span>
    </label>
  )
}

function Moment(props: { ttl: number; length: string; onLength: (length: string) => void }) {
  const latest = Date.now() + Math.min(props.ttl, LONGEST) * 1000
  const seconds = secondsUntil(props.length, Date.now(), props.ttl)
  return (
    <Field
      label={t('untilMoment')}
      type="datetime-local"
      value={props.length}
      min={localMoment(Date.now())}
      max={localMoment(latest)}
      hint={t('untilLatest', dateText(latest))}
      error={seconds === null ? t('untilPast') : null}
      onInput={props.onLength}
    />
  )
}
