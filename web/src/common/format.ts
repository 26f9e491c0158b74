/* How values look, in the page's language. Days and times are Beijing's. */
import type { Clock } from '../api/types'
import { lang, wordsOf } from './lang'
import { commonWords } from './words'

const t = wordsOf(commonWords)
const beijing = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short'
})

export function time(value: string | null | undefined): string {
  return value ? beijing.format(new Date(value)) : ''
}
export function day(value: string | null | undefined): string {
  return time(value).slice(0, 10)
}
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  return count < 1048576 ? `${(count / 1024).toFixed(0)} KB` : `${(count / 1048576).toFixed(1)} MB`
}

/* "剩余 2 个工作日", "今日到期", "超期 3 个工作日" */
export function remainingText(remaining: number | null | undefined, unit: string | undefined): string {
  if (remaining === null || remaining === undefined) return ''
  const zh = lang.value === 'zh'
  const many = Math.abs(remaining)
  const name =
    unit === 'h'
      ? zh
        ? '小时'
        : many === 1
          ? 'hour'
          : 'hours'
      : zh
        ? '个工作日'
        : many === 1
          ? 'working day'
          : 'working days'
  if (remaining < 0) return zh ? `超期 ${many} ${name}` : `${many} ${name} overdue`
  if (remaining === 0) return unit === 'h' ? (zh ? '不足 1 小时' : 'under 1 hour') : zh ? '今日到期' : 'due today'
  return zh ? `剩余 ${many} ${name}` : `${many} ${name} left`
}
export function dueText(clock: Clock): string {
  return clock.unit === 'h' ? time(clock.due_time) : clock.due
}

const units: Record<string, readonly [zh: string, en: string]> = {
  wd: ['个工作日', 'working days'],
  d: ['日', 'days'],
  h: ['小时', 'hours'],
  m: ['个月', 'months'],
  y: ['年', 'years']
}
/* "5wd" -> "5 个工作日" */
export function periodText(within: string): string {
  const parts = /^(\d+)(wd|d|h|m|y)$/.exec(within)
  if (!parts) return within
  const name = units[parts[2]][lang.value === 'en' ? 1 : 0]
  return `${parts[1]} ${lang.value === 'en' && parts[1] === '1' ? name.slice(0, -1) : name}`
}

/* ["12(1)", "12(2)", "13"] -> "第12条第（1）（2）项、第13条" */
export function articlesText(articles: string[]): string {
  const items = new Map<string, string>()
  for (const number of articles) {
    const [, article, item] = /^(\d+)(?:\((\d+)\))?$/.exec(number) ?? ['', number, '']
    items.set(article, (items.get(article) ?? '') + (item ? t('itemNumber', item) : ''))
  }
  const texts = [...items].map(([article, list]) => t('article', article) + (list && t('items', list)))
  return texts.join(lang.value === 'zh' ? '、' : ', ')
}
