/* Words, labels and formats for the staff's pages. */
import { wordsOf } from '../common/lang'
import { words, type Word } from './words'

export const t = wordsOf(words)
export { words }
export type { Word }
export * from '../common/lang'
export * from '../common/format'
