import { MAX_PRICED_MODELS } from '../../../shared/model/capability-bounds.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { t } from '../../ui/strings.ts'
import { type AmountsDraft, NEW_PRICES, type PriceDraft, priceFaults, readAmount } from './price-draft.ts'

/** What use costs, as the owner says it: of any model, and of single ones. Null: money is not counted. */
export function PricesEditor(props: {
  prices: PriceDraft | null
  onChange: (prices: PriceDraft | null) => void
}) {
  const { prices, onChange } = props
  return (
    <fieldset class="rules-editor stack">
      <legend>{t('pricesOwn')}</legend>
      <p class="small soft">{t('pricesText')}</p>
      <label class="row">
        <input
          type="checkbox"
          checked={prices !== null}
          onChange={(event) => onChange(event.currentTarget.checked ? NEW_PRICES : null)}
        />
        {t('pricesCount')}
      </label>
      {prices === null ? null : <Prices prices={prices} onChange={onChange} />}
    </fieldset>
  )
}

function Prices(props: { prices: PriceDraft; onChange: (prices: PriceDraft) => void }) {
  const { prices, onChange } = props
  const { models } = prices
  const faults = priceFaults(prices)
  const changed = (at: number, part: Partial<PriceDraft['models'][number]>) =>
    onChange({ ...prices, models: models.map((each, index) => (index === at ? { ...each, ...part } : each)) })
  return (
    <>
      <div class="limit-fields">
        <Field
          label={t('priceCurrency')}
          value={prices.currency}
          error={faults.includes('currency') ? t('currencyWrong') : null}
          onInput={(currency) => onChange({ ...prices, currency })}
        />
        <Amounts amounts={prices} onChange={(part) => onChange({ ...prices, ...part })} />
      </div>
      {models.map((each, at) => (
        <fieldset key={at} class="rules-editor stack-tight">
          <legend>{t('priceSingle')}</legend>
          <div class="limit-fields">
            <Field
              label={t('priceModel')}
              value={each.model}
              mono
              onInput={(model) => changed(at, { model })}
            />
            <Amounts amounts={each} onChange={(part) => changed(at, part)} />
          </div>
          <div class="row">
            <Button
              small
              label={t('priceRemove', each.model.trim() === '' ? t('priceUnnamed') : each.model)}
              onPress={() => onChange({ ...prices, models: models.filter((_, index) => index !== at) })}
            >
              {t('remove')}
            </Button>
          </div>
        </fieldset>
      ))}
      <div aria-live="polite">
        {faults.includes('models') ? <p class="field-error">{t('priceModelWrong')}</p> : null}
      </div>
      <div class="row">
        <Button
          small
          disabled={models.length >= MAX_PRICED_MODELS}
          onPress={() =>
            onChange({ ...prices, models: [...models, { model: '', input: '', output: '', request: '' }] })
          }
        >
          {t('priceAdd')}
        </Button>
      </div>
    </>
  )
}

const FIELDS = [
  ['input', 'priceInputField'],
  ['output', 'priceOutputField'],
  ['request', 'priceRequestField'],
] as const

function Amounts(props: { amounts: AmountsDraft; onChange: (part: Partial<AmountsDraft>) => void }) {
  return (
    <>
      {FIELDS.map(([name, label]) => (
        <Field
          key={name}
          label={t(label)}
          value={props.amounts[name]}
          placeholder="0"
          error={readAmount(props.amounts[name]) === null ? t('priceWrong') : null}
          onInput={(text) => props.onChange({ [name]: text })}
        />
      ))}
    </>
  )
}
