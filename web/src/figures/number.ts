/* Numbers and units as people read them. */
import type { Label } from '../api/types'
import { label, lang } from '../app/text'

export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined) return '—'
  return value.toLocaleString(lang.value === 'zh' ? 'zh-CN' : 'en-GB', { maximumFractionDigits: 2 })
}
const units: Record<string, readonly [zh: string, en: string]> = {
  count: ['', ''],
  days: ['天', 'days'],
  percent: ['%', '%']
}
/* The server names units by code. */
export function unitText(unit: Label | string | null | undefined): string {
  if (typeof unit !== 'string') return label(unit)
  return units[unit]?.[lang.value === 'zh' ? 0 : 1] ?? unit
}
