import { useEffect, useState } from 'preact/hooks'
import { siteIconOf } from './site-icon.ts'
import { maySeeSiteIcons } from './site-icon-permission.ts'
import { useSettings } from './use-settings.ts'

/** A site's own icon where the owner wants to see those and it is there; null otherwise, and until it is known. */
export function useSiteIcon(origin: string): ImageBitmap | null {
  const { siteMarks } = useSettings()
  const [icon, setIcon] = useState<ImageBitmap | null>(null)
  useEffect(() => {
    setIcon(null)
    if (siteMarks !== 'icons') return
    let isWanted = true
    const show = async () => {
      const found = (await maySeeSiteIcons()) ? await siteIconOf(origin) : null
      if (isWanted) setIcon(found)
    }
    show().catch(() => {})
    return () => {
      isWanted = false
    }
  }, [origin, siteMarks])
  return icon
}
