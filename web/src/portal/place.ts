/* Which page of the portal is shown: the address is the truth; a router would be larger than the pages. */
import { ref } from 'vue'

export type Place = 'home' | 'complaint' | 'report' | 'follow' | 'paper'

function placeOf(path: string): Place {
  const name = path.replace(/^\/portal\/?/, '').replace(/[/.].*$/, '')
  return name === 'complaint' || name === 'report' || name === 'follow' || name === 'paper' ? name : 'home'
}
/* A paper's QR code carries its check code: /portal/paper/CODE, or ?c=CODE. */
export function checkCode(): string {
  const inPath = /^\/portal\/paper\/([\w-]{1,64})\/?$/.exec(location.pathname)
  return inPath?.[1] ?? new URLSearchParams(location.search).get('c') ?? ''
}
export const place = ref<Place>(placeOf(location.pathname))

export function addressOf(to: Place): string {
  return to === 'home' ? '/portal' : `/portal/${to}`
}
export function go(to: Place): void {
  if (to !== place.value) history.pushState(null, '', addressOf(to))
  place.value = to
  window.scrollTo(0, 0)
}
window.addEventListener('popstate', () => {
  place.value = placeOf(location.pathname)
})
