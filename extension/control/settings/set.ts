import type { Settings } from '../../ui/settings.ts'
import { changeSettings } from '../../ui/stored-settings.ts'
import { t } from '../../ui/strings.ts'
import type { ControlModel } from '../model.ts'

/** Set something, and say whether it is kept: it takes effect in every page at once, or not at all. */
export async function set(changed: Partial<Settings>, model: Pick<ControlModel, 'say'>): Promise<void> {
  try {
    await changeSettings(changed)
    model.say(t('settingKept'))
  } catch {
    model.say(t('settingNotKept'))
  }
}
