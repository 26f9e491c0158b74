/*
 * Kinds of matters in the order people look for them. Only presentation: a procedure that no row names
 * stands under "Other". A row names a procedure or the first word of a family ("draw" and "draw_share").
 */
import type { Procedure } from '../api/types'
import type { Word } from './words'

const rows: [Word, string[]][] = [
  ['groupCases', ['complaint', 'report', 'case', 'transfer', 'crime_transfer', 'suspension']],
  ['groupCooperation', ['assistance', 'information_request']],
  ['groupMeetings', ['conference', 'invitation', 'directive']],
  ['groupInspection', ['joint_operation', 'participation', 'draw', 'inspection', 'finding']],
  ['groupCredit', ['publication', 'sanction', 'honour', 'measure', 'repair']],
  ['groupAppraisal', ['appraisal', 'accountability']]
]

function groupOf(code: string): Word {
  const fits = (name: string): boolean => code === name || code.startsWith(`${name}_`)
  const found = rows.find(([, names]) => names.includes(code)) ?? rows.find(([, names]) => names.some(fits))
  return found?.[0] ?? 'groupOther'
}

/* Groups that have something, each in the order of its row. */
export function grouped<T>(items: T[], procedureOf: (item: T) => Procedure): { word: Word; items: T[] }[] {
  const words: Word[] = [...rows.map(([word]) => word), 'groupOther']
  const place = (item: T): number => {
    const names = rows.flatMap(([, list]) => list)
    const at = names.indexOf(procedureOf(item).code)
    return at < 0 ? names.length : at
  }
  return words
    .map((word) => ({
      word,
      items: items.filter((item) => groupOf(procedureOf(item).code) === word).sort((a, b) => place(a) - place(b))
    }))
    .filter((group) => group.items.length > 0)
}
