/* Periods of figures, in Beijing's days. */
import { day, lang, t } from '../app/text'

export interface Period {
  from: string
  to: string
}
/* The server's day would be better known to it; a page left open over midnight is asked again anyway. */
export const today = (): string => day(new Date().toISOString())

export function monthOf(date: string): Period {
  return { from: `${date.slice(0, 7)}-01`, to: lastDay(date.slice(0, 7)) }
}
function lastDay(month: string): string {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}
const two = (n: number): string => String(n).padStart(2, '0')
export function quarterOf(date: string): Period {
  const first = Math.floor((Number(date.slice(5, 7)) - 1) / 3) * 3 + 1
  const year = date.slice(0, 4)
  return { from: `${year}-${two(first)}-01`, to: lastDay(`${year}-${two(first + 2)}`) }
}
export function yearOf(date: string, back = 0): Period {
  const year = Number(date.slice(0, 4)) - back
  return { from: `${year}-01-01`, to: `${year}-12-31` }
}

/* "2026Q3" or "2026", the newest first, for the appraisal. */
export function appraisalPeriods(date: string): string[] {
  const periods: string[] = []
  let year = Number(date.slice(0, 4))
  let quarter = Math.floor((Number(date.slice(5, 7)) - 1) / 3) + 1
  while (periods.length < 12) {
    periods.push(`${year}Q${quarter}`)
    if (--quarter > 0) continue
    quarter = 4
    periods.push(String(--year))
  }
  return [date.slice(0, 4), ...periods]
}
export function periodName(period: string): string {
  const [year, quarter] = period.split('Q')
  if (!quarter) return t('wholeYear', year)
  return lang.value === 'zh' ? `${year} 年第 ${quarter} 季度` : `Q${quarter} ${year}`
}
