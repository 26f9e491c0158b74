/* Which page of the portal is shown: the address is the truth; a router would be larger than the pages. */
import { ref } from 'vue'

export type Place = 'home' | 'complaint' | 'report' | 'follow'

function placeOf(path: string): Place {
  const name = path.replace(/^\/portal\/?/, '').replace(/\/$/, '')
  return name === 'complaint' || name === 'report' || name === 'follow' ? name : 'home'
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
