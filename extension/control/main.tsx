import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/base.css'
import { setDocumentLanguage } from '../ui/document-language.ts'
import { keepFocusInSight } from '../ui/focus-in-sight.ts'
import { keepFocus } from '../ui/kept-focus.ts'
import { openOwner } from '../ui/owner.ts'
import { sightOf } from '../ui/page-sight.ts'
import { followTheme } from '../ui/theme.ts'
import { loadTranslations } from '../ui/translations.ts'
import { loadSnapshot } from '../ui/view-snapshot.ts'
import { ControlApp } from './control-app.tsx'
import { ControlModel } from './model.ts'

setDocumentLanguage()
followTheme()
keepFocus(document)
keepFocusInSight(document)
const owner = openOwner()
const [kept] = await Promise.all([loadSnapshot().catch(() => null), loadTranslations()])
const model = new ControlModel(owner, kept?.snapshot ?? null, sightOf(document))
const app = document.getElementById('app')
if (app !== null) render(<ControlApp model={model} owner={owner} />, app)
