/* Reads rulebooks/NAME/examples/STORY.yaml as src/rules/story.h describes it; every scalar stays a text. */
import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'

const STEP_KEYS = 'at as do matter facts materials child children refused stale key run expect'.split(' ')
const EXPECT_KEYS = 'state holder clocks lights ended facts actions receipt hidden'.split(' ')

/* An expectation that this runner does not know must not pass unseen. */
function onlyKeys(what, allowed, line) {
  const unknown = Object.keys(what).filter((key) => !allowed.includes(key))
  if (unknown.length > 0) throw new Error(`line ${line}: unknown key ${unknown.join(', ')}`)
}

function readStep(step, line) {
  onlyKeys(step, STEP_KEYS, line)
  onlyKeys(step.expect ?? {}, EXPECT_KEYS, line)
  const [procedure, action] = (step.do ?? '').split('.')
  return {
    ...step,
    line,
    procedure,
    action: action ?? null,
    facts: step.facts ?? {},
    materials: step.materials ?? [],
    children: step.children ?? {},
    stale: step.stale === 'true',
    expect: { ...step.expect, hidden: step.expect?.hidden === 'true' }
  }
}

export function loadStory(path) {
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(path, 'utf8'), { schema: 'failsafe', lineCounter: lines })
  if (document.errors.length > 0) throw document.errors[0]
  const steps = document.get('steps').items
  return steps.map((item) => readStep(item.toJS(document), lines.linePos(item.range[0]).line))
}
