import type { Approval } from '../../shared/model/approval.ts'
import { bytesText } from '../ui/bytes-text.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import { useKeyboardScroll } from '../ui/use-keyboard-scroll.ts'

type Body = NonNullable<Approval['body']>

/** What would be sent besides the address: its fields where it has some, else its text, else how much it is. */
export function ApproveBody(props: { body: Approval['body'] }) {
  const { body } = props
  if (body === null) return <p class="small soft">{t('approvalNoBody')}</p>
  const isUnreadable = body.fields === null && body.text === null
  return (
    <section class="stack-tight" aria-label={t('approvalBody')}>
      <h2 class="approve-body-title">
        {t('approvalBody')}{' '}
        <span class="small soft">
          {bytesText(body.bytes)}
          {body.contentType === null ? null : (
            <>
              {' · '}
              <ForeignText text={body.contentType} />
            </>
          )}
        </span>
      </h2>
      {isUnreadable || body.truncated ? (
        <Notice tone="warn">{t(isUnreadable ? 'approvalUnreadable' : 'approvalTruncated')}</Notice>
      ) : null}
      {body.fields === null ? null : <Fields fields={body.fields} />}
      {body.text === null ? null : <RawText text={body.text} open={body.fields === null} />}
    </section>
  )
}

function Fields(props: { fields: NonNullable<Body['fields']> }) {
  if (props.fields.length === 0) return <p class="soft">{t('approvalNoFields')}</p>
  return (
    <table class="approve-fields" dir="ltr">
      <thead class="aloud">
        <tr>
          <th scope="col">{t('approvalField')}</th>
          <th scope="col">{t('approvalValue')}</th>
        </tr>
      </thead>
      <tbody>
        {props.fields.map(({ path, value }, at) => (
          // A form may have two fields of one name; the list never changes.
          <tr key={at}>
            <th scope="row">
              <ForeignText text={path} />
            </th>
            <td>
              <FieldValue text={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function FieldValue(props: { text: string }) {
  return (
    <div class="approve-value" ref={useKeyboardScroll()}>
      <ForeignText text={props.text} />
    </div>
  )
}

function RawText(props: { text: string; open: boolean }) {
  return (
    <details class="small" open={props.open}>
      <summary>{t('approvalRaw')}</summary>
      <pre class="approve-raw" dir="ltr" ref={useKeyboardScroll()}>
        <ForeignText text={props.text} lines />
      </pre>
    </details>
  )
}
