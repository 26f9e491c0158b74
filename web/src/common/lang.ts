/* The language of the page: Chinese first, English one click away; the same rule as the server's. */
import { ref } from 'vue'
import type { Label, Lang } from '../api/types'

function firstLang(): Lang {
  const cookie = /(?:^|;\s*)lang=(\w+)/.exec(document.cookie)
  const told = cookie ? cookie[1] : navigator.language.slice(0, 2).toLowerCase()
  return told === 'en' ? 'en' : 'zh'
}
export const lang = ref<Lang>(firstLang())

function mark(value: Lang): void {
  document.documentElement.lang = value === 'en' ? 'en' : 'zh-CN'
}
mark(lang.value)

/* The cookie tells the server which language its errors should have. */
export function setLang(value: Lang): void {
  document.cookie = `lang=${value}; path=/; max-age=31536000; samesite=strict`
  lang.value = value
  mark(value)
}

export function label(value: Label | null | undefined): string {
  return value ? value[lang.value] : ''
}

export type WordTable = Record<string, readonly [zh: string, en: string]>

/* A function that finds a word of the table in the page's language; {0}, {1} are replaced. */
export function wordsOf<T extends WordTable>(
  table: T
): (word: keyof T & string, ...args: (string | number)[]) => string {
  return (word, ...args) => {
    const text = table[word]?.[lang.value === 'en' ? 1 : 0] ?? word
    return args.reduce<string>((made, arg, i) => made.replace(`{${i}}`, String(arg)), text)
  }
}
