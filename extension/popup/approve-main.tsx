import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/base.css'
import { setDocumentLanguage } from '../ui/document-language.ts'
import { keepFocusInSight } from '../ui/focus-in-sight.ts'
import { keepFocus } from '../ui/kept-focus.ts'
import { openOwner } from '../ui/owner.ts'
import { followTheme } from '../ui/theme.ts'
import { ApproveApp } from './approve-app.tsx'
import { ApproveModel } from './approve-model.ts'
import { watchWindow } from './watch-window.ts'

setDocumentLanguage()
followTheme()
keepFocus(document)
keepFocusInSight(document)
const model = new ApproveModel(openOwner(), () => performance.now())
watchWindow(window, model.arming, () => model.showArming())
const app = document.getElementById('app')
if (app !== null) render(<ApproveApp model={model} />, app)
