import type { MessageName } from '../ui/strings.ts'
import { baseUrlPlace, baseUrlText, withLoopbackAddress } from './base-url-place.ts'

/** What is wrong with a base URL, as a text and what it names. */
export interface BaseUrlNote {
  name: MessageName
  value?: string
}

/**
 * What the owner should mend in a base URL before giving it a key; null where there is nothing to say. The host checks it
 * again and has the last word.
 */
export function baseUrlNote(text: string): BaseUrlNote | null {
  const url = webUrl(text)
  if (url === null) return { name: 'baseUrlMalformed' }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    return { name: 'baseUrlExtra' }
  const place = baseUrlPlace(url)
  if (place === 'local-name' || place === 'unspecified') {
    return { name: 'baseUrlLocalName', value: withLoopbackAddress(url) }
  }
  if (url.protocol === 'http:' && place === 'elsewhere') return { name: 'baseUrlPlain' }
  return null
}

/** An address only the owner's own machine or network knows, which they have to say they mean. */
export interface LocalPlace {
  place: 'loopback' | 'private'
  /** Without brackets. */
  address: string
  /** Whether the key travels unencrypted over a network. */
  isPlain: boolean
}

/** The local address a base URL holds; null where it holds none. */
export function localPlace(text: string): LocalPlace | null {
  const url = webUrl(text)
  if (url === null) return null
  const place = baseUrlPlace(url)
  if (place !== 'loopback' && place !== 'private') return null
  const address = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return { place, address, isPlain: place === 'private' && url.protocol === 'http:' }
}

/** A base URL as services keep it; as it was typed where it is none. */
export function asBaseUrl(text: string): string {
  const url = webUrl(text)
  return url === null ? text.trim() : baseUrlText(url)
}

function webUrl(text: string): URL | null {
  const url = URL.parse(text.trim())
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
}
