/* Loading for a page: the last answer stays on screen while the next is on its way; late answers are dropped. */
import { ref, shallowRef, watchEffect, type Ref, type ShallowRef } from 'vue'
import { t } from './text'

export interface Loading<T> {
  data: ShallowRef<T | null>
  error: Ref<unknown>
  busy: Ref<boolean>
  load: () => Promise<void>
}

export function useLoad<T>(fetcher: () => Promise<T>): Loading<T> {
  const data = shallowRef<T | null>(null)
  const error = ref<unknown>(null)
  const busy = ref(true)
  let turn = 0
  async function load(): Promise<void> {
    const mine = ++turn
    busy.value = true
    try {
      const made = await fetcher()
      if (mine !== turn) return
      data.value = made
      error.value = null
    } catch (failure) {
      if (mine === turn) error.value = failure
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  return { data, error, busy, load }
}

export function useTitle(text: () => string): void {
  watchEffect(() => {
    document.title = `${text()} · ${t('product')}`
  })
}
