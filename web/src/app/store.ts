/* Who is signed in, the rulebook, the bodies: loaded once, shared by all pages. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { call, setCsrf } from '../api/client'
import type { MessageList } from '../api/messages'
import type { FactValue, FormFact, Label, Organisation, Procedure, Rulebook, Session } from '../api/types'
import { label, lang, t } from './text'

/* The session cookie can't be seen from here. This mark spares a visitor who is not signed in a failing request. */
const MARK = 'signed-in'

export const useOffice = defineStore('office', () => {
  const session = ref<Session | null>(null)
  const rulebook = shallowRef<Rulebook | null>(null)
  const organisations = shallowRef<Organisation[]>([])
  /* Counts hints from the server that something visible changed, and which matter it was. */
  const changes = ref({ count: 0, matter: '' })
  /* Messages nobody has read yet; counts again at each hint. */
  const unread = ref(0)
  /* The rulebook the shown matter began under, when it is not the present one. */
  const earlier = shallowRef<Rulebook | null>(null)
  const editions = new Map<string, Rulebook>()
  let stream: EventSource | null = null

  async function loadCommon(): Promise<void> {
    if (rulebook.value) return
    const [book, bodies] = await Promise.all([
      call<Rulebook>('GET', '/rulebook'),
      call<{ items: Organisation[] }>('GET', '/organisations')
    ])
    organisations.value = bodies.items
    rulebook.value = book
  }
  /* Called by pages that show cases, once the server has let them. */
  function listen(): void {
    if (stream) return
    stream = new EventSource('/api/v1/stream')
    stream.addEventListener('changed', (event) => {
      const { matter } = JSON.parse((event as MessageEvent<string>).data) as { matter: string }
      changes.value = { count: changes.value.count + 1, matter }
    })
    stream.addEventListener('message', () => void countUnread())
    void countUnread()
  }
  async function countUnread(): Promise<void> {
    try {
      unread.value = (await call<MessageList>('GET', '/messages?unread=true&limit=1')).unread
    } catch {
      /* The bell only hints: the page of messages tells what is wrong. */
      unread.value = 0
    }
  }
  /* Labels of a matter come from its own edition; null when it is left. */
  async function useEdition(edition: string | null): Promise<void> {
    if (!edition || edition === rulebook.value?.edition) {
      earlier.value = null
      return
    }
    const path = `/rulebook?edition=${encodeURIComponent(edition)}`
    const book = editions.get(edition) ?? (await call<Rulebook>('GET', path))
    editions.set(edition, book)
    earlier.value = book
  }
  function enter(value: Session): void {
    session.value = value
    localStorage.setItem(MARK, '1')
    setCsrf(value.csrf)
  }
  function forget(): void {
    stream?.close()
    stream = null
    session.value = null
    unread.value = 0
    earlier.value = null
    localStorage.removeItem(MARK)
    setCsrf('')
  }
  const mayBeSignedIn = (): boolean => session.value !== null || localStorage.getItem(MARK) !== null
  async function restore(): Promise<void> {
    if (!session.value) enter(await call<Session>('GET', '/session'))
    await loadCommon()
  }
  async function signIn(login: string, password: string): Promise<void> {
    enter(await call<Session>('POST', '/session', { body: { login, password } }))
    await loadCommon()
  }
  async function signOut(): Promise<void> {
    await call('DELETE', '/session')
    forget()
  }

  /* Those who only run the system read no case; asking the server would be refused. */
  const readsMatters = computed(() => {
    const mine = session.value?.roles ?? []
    const acts = (rulebook.value?.procedures ?? []).some((p) =>
      p.actions.some((a) => a.roles.some((r) => mine.includes(r)))
    )
    return acts || mine.includes('auditor')
  })
  function procedure(code: string): Procedure | undefined {
    const own = earlier.value?.procedures.find((p) => p.code === code)
    return own ?? rulebook.value?.procedures.find((p) => p.code === code)
  }
  function procedureLabel(code: string): string {
    return label(procedure(code)?.label) || code
  }
  function stateLabel(code: string, state: string | null): string {
    return label(procedure(code)?.states.find((s) => s.code === state)?.label) || state || ''
  }
  function roleLabel(code: string): string {
    return label(rulebook.value?.roles.find((r) => r.code === code)?.label) || code
  }
  function org(code: string | null): Organisation | undefined {
    return organisations.value.find((o) => o.code === code)
  }
  function orgName(code: string | null, short = true): string {
    const found = org(code)
    return found ? label(short ? found.short : found.name) : (code ?? '')
  }
  function term(vocabulary: string | null, code: string): Label | undefined {
    const of = (book: Rulebook | null): Label | undefined =>
      book?.vocabularies.find((v) => v.code === vocabulary)?.terms.find((x) => x.code === code)?.label
    return of(earlier.value) ?? of(rulebook.value)
  }
  function showTicks(value: Record<string, string>): string {
    const ticks = Object.values(value)
    const count = (word: string): number => ticks.filter((v) => v === word).length
    return `${t('arrived')} ${count('arrived')} · ${t('missing')} ${count('missing')}`
  }
  function show(fact: FormFact | undefined, value: FactValue | undefined): string {
    if (value === null || value === undefined) return ''
    const termText = (code: string): string => label(term(fact?.vocabulary ?? null, code)) || code
    const inWords = fact?.type === 'bodies' ? (code: string): string => orgName(code, false) : termText
    if (Array.isArray(value)) return value.map(inWords).join(lang.value === 'zh' ? '、' : ', ')
    if (typeof value === 'object') return showTicks(value)
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
    if (fact?.type === 'term') return termText(String(value))
    if (fact?.type === 'body') return orgName(String(value), false)
    if (fact?.type === 'minute') return String(value).replace('T', ' ')
    return String(value)
  }
  return {
    session,
    rulebook,
    organisations,
    changes,
    unread,
    earlier,
    readsMatters,
    listen,
    countUnread,
    useEdition,
    mayBeSignedIn,
    forget,
    restore,
    signIn,
    signOut,
    procedure,
    procedureLabel,
    stateLabel,
    roleLabel,
    org,
    orgName,
    show
  }
})
